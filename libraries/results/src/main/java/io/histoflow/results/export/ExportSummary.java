package io.histoflow.results.export;

/**
 * What was written.
 *
 * @param nuclei how many
 * @param cut how often an object was so large that it was written in pieces
 */
public record ExportSummary(long nuclei, long cut) {}
