/**
 * What each slide's tiles add up to.
 *
 * <p>{@link io.histoflow.topology.reports.ReportPart} adds it to a topology. Rules without Kafka
 * stand in {@code SlideTally} (sums), {@code SlideGrid} (what is missing) and {@code ModelHistory}
 * (which weights were at work); {@code SlideReporter} says when to report.
 */
package io.histoflow.topology.reports;
