/** How fast slides are read and published. */
package io.histoflow.loadtests.slides;
