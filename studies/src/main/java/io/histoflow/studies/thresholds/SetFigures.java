package io.histoflow.studies.thresholds;

/**
 * What a rule gives on a data set whose laboratory had no part in it; means over tiles.
 *
 * @param set the data set
 * @param tiles with a positive pixel
 * @param recall 0..1
 * @param precision 0..1
 * @param dice 0..1
 * @param blind share of tiles with a recall below 0.8
 */
record SetFigures(
    String set, int tiles, double recall, double precision, double dice, double blind) {}
