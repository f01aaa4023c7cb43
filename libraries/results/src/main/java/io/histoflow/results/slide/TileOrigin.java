package io.histoflow.results.slide;

/**
 * Where the mask of a tile comes from; many tiles share one.
 *
 * @param organ organ of the tile
 * @param modelId model that segmented it
 * @param modelVersion version of its weights
 * @param judgement what a reader has said of it
 */
public record TileOrigin(String organ, String modelId, long modelVersion, Judgement judgement) {

  TileOrigin judged(Judgement verdict) {
    return new TileOrigin(organ, modelId, modelVersion, verdict);
  }
}
