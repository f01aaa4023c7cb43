/**
 * What a tile looks like: its image, mask and entropy map, read from where their records lie in
 * Kafka and drawn as PNG.
 */
package io.histoflow.review.tile;
