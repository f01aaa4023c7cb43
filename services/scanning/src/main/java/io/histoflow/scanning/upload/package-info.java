/** Slides over HTTP, from scanners that write to no folder. */
package io.histoflow.scanning.upload;
