package io.histoflow.imaging.tiff;

import java.util.Set;

/** Numbers of the TIFF fields that are read (TIFF 6.0, section 8, and its supplements). */
final class TiffTag {

  static final int SUBFILE_TYPE = 254;
  static final int OLD_SUBFILE_TYPE = 255;
  static final int WIDTH = 256;
  static final int HEIGHT = 257;
  static final int BITS = 258;
  static final int COMPRESSION = 259;
  static final int PHOTOMETRIC = 262;
  static final int FILL_ORDER = 266;
  static final int DESCRIPTION = 270;
  static final int MAKE = 271;
  static final int MODEL = 272;
  static final int STRIP_OFFSETS = 273;
  static final int ORIENTATION = 274;
  static final int SAMPLES = 277;
  static final int ROWS_PER_STRIP = 278;
  static final int STRIP_BYTES = 279;
  static final int X_RESOLUTION = 282;
  static final int Y_RESOLUTION = 283;
  static final int PLANAR = 284;
  static final int T4_OPTIONS = 292;
  static final int T6_OPTIONS = 293;
  static final int RESOLUTION_UNIT = 296;
  static final int PREDICTOR = 317;
  static final int COLOUR_MAP = 320;
  static final int TILE_WIDTH = 322;
  static final int TILE_HEIGHT = 323;
  static final int TILE_OFFSETS = 324;
  static final int TILE_BYTES = 325;
  static final int INK_SET = 332;
  static final int EXTRA_SAMPLES = 338;
  static final int SAMPLE_FORMAT = 339;
  static final int JPEG_TABLES = 347;
  static final int YCBCR_COEFFICIENTS = 529;
  static final int YCBCR_SUBSAMPLING = 530;
  static final int YCBCR_POSITIONING = 531;
  static final int REFERENCE_BLACK_WHITE = 532;
  static final int IMAGE_DEPTH = 32_997;
  static final int IMAGEJ_SIZES = 50_838;
  static final int IMAGEJ_METADATA = 50_839;

  /** All of these: others are not kept, so that a directory cannot fill the memory. */
  static final Set<Integer> KNOWN =
      Set.of(
          SUBFILE_TYPE,
          OLD_SUBFILE_TYPE,
          WIDTH,
          HEIGHT,
          BITS,
          COMPRESSION,
          PHOTOMETRIC,
          FILL_ORDER,
          DESCRIPTION,
          MAKE,
          MODEL,
          STRIP_OFFSETS,
          ORIENTATION,
          SAMPLES,
          ROWS_PER_STRIP,
          STRIP_BYTES,
          X_RESOLUTION,
          Y_RESOLUTION,
          PLANAR,
          T4_OPTIONS,
          T6_OPTIONS,
          RESOLUTION_UNIT,
          PREDICTOR,
          COLOUR_MAP,
          TILE_WIDTH,
          TILE_HEIGHT,
          TILE_OFFSETS,
          TILE_BYTES,
          INK_SET,
          EXTRA_SAMPLES,
          SAMPLE_FORMAT,
          JPEG_TABLES,
          YCBCR_COEFFICIENTS,
          YCBCR_SUBSAMPLING,
          YCBCR_POSITIONING,
          REFERENCE_BLACK_WHITE,
          IMAGE_DEPTH,
          IMAGEJ_SIZES,
          IMAGEJ_METADATA);

  private TiffTag() {}
}
