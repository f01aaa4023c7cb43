package io.histoflow.results.export;

import java.util.OptionalLong;

/**
 * What was written.
 *
 * @param nuclei how many; empty where the format has none
 * @param cut how often an object was so large that it was written in pieces
 */
public record ExportSummary(OptionalLong nuclei, long cut) {}
