/** Where a pixel of one image lies on another. */
package io.histoflow.ihc.transform;
