/** Regions of positive pixels that survive the error with which they were found. */
package io.histoflow.ihc.region;
