/**
 * The scanner's side of the pipeline: cuts images and whole slides into tiles and publishes them,
 * each slide's manifest after its last tile.
 */
package io.histoflow.scanning;
