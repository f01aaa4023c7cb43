/** Names of the topics that a scanner or a viewer deals with; their Avro contracts are in the schema registry. */
export const TILES_SCANNED = 'histoflow.tiles.scanned.v1';
export const SLIDES_SCANNED = 'histoflow.slides.scanned.v1';
export const TILES_SEGMENTED = 'histoflow.tiles.segmented.v1';
export const TILES_REVIEW = 'histoflow.tiles.review.v1';
