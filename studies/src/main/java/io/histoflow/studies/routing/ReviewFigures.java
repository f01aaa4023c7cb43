package io.histoflow.studies.routing;

/**
 * How many of the misses a score brings to review at one share of tiles.
 *
 * @param share of tiles that are reviewed, 0..1
 * @param held share of all missed pixels in the tiles that the score picks, 0..1
 * @param random the same for random choice, expected
 * @param oracle the same for the tiles that hold most
 * @param gapClosed how far the score comes from random choice to the oracle, 1 = all the way
 * @param low lower end of its 95 % interval over patients
 * @param high upper end
 */
public record ReviewFigures(
    double share,
    double held,
    double random,
    double oracle,
    double gapClosed,
    double low,
    double high) {}
