/**
 * What routers tell of the tiles that they saw: sketches and counts by organ, a few kilobytes
 * however many tiles there were. Thresholds and drift are made from them.
 */
package io.histoflow.topology.summaries;
