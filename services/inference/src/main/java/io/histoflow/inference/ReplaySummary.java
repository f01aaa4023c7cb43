package io.histoflow.inference;

/**
 * What came of a replay.
 *
 * @param modelId the model
 * @param modelVersion version of the weights that the tiles were segmented with
 * @param tilesReplayed tiles segmented again
 * @param tilesSkipped tiles that stand on this version or a newer one already
 * @param tilesChanged tiles replayed whose positive fraction moved by more than 0.01
 * @param tilesExpired tiles whose image is not kept any more
 * @param tilesRejected tiles that could not be segmented again; a dead letter says why
 * @param slides slides of the tiles replayed
 */
public record ReplaySummary(
    String modelId,
    long modelVersion,
    long tilesReplayed,
    long tilesSkipped,
    long tilesChanged,
    long tilesExpired,
    long tilesRejected,
    long slides) {}
