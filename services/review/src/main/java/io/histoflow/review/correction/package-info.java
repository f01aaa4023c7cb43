/** A pathologist's verdict: how it is checked and how it is published. */
package io.histoflow.review.correction;
