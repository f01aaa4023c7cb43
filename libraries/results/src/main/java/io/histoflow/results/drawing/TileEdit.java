package io.histoflow.results.drawing;

import io.histoflow.imaging.Mask;
import io.histoflow.results.slide.ResultTile;

/**
 * A tile whose mask an outline changes.
 *
 * @param tile the tile as it is
 * @param mask its mask as drawn
 */
public record TileEdit(ResultTile tile, Mask mask) {}
