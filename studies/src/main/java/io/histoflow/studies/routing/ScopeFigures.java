package io.histoflow.studies.routing;

/**
 * What a score achieves among one set of tiles.
 *
 * @param top10 when a tenth of the tiles is reviewed
 * @param top20 when a fifth is
 * @param rankCorrelation Spearman's, of the score with the tile's missed pixels; over several
 *     organs the mean, weighted by their tiles
 */
public record ScopeFigures(ReviewFigures top10, ReviewFigures top20, double rankCorrelation) {}
