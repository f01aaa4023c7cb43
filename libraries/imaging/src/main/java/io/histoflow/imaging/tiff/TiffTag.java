package io.histoflow.imaging.tiff;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The TIFF fields that are read (TIFF 6.0, section 8, and its supplements), in the order of their
 * numbers. Others are not kept, so that a directory cannot fill the memory.
 */
public enum TiffTag {
  SUBFILE_TYPE(254),
  OLD_SUBFILE_TYPE(255),
  WIDTH(256),
  HEIGHT(257),
  BITS(258),
  COMPRESSION(259),
  PHOTOMETRIC(262),
  FILL_ORDER(266),
  DESCRIPTION(270),
  MAKE(271),
  MODEL(272),
  STRIP_OFFSETS(273),
  ORIENTATION(274),
  SAMPLES(277),
  ROWS_PER_STRIP(278),
  STRIP_BYTES(279),
  X_RESOLUTION(282),
  Y_RESOLUTION(283),
  PLANAR(284),
  T4_OPTIONS(292),
  T6_OPTIONS(293),
  RESOLUTION_UNIT(296),
  SOFTWARE(305),
  PREDICTOR(317),
  COLOUR_MAP(320),
  TILE_WIDTH(322),
  TILE_HEIGHT(323),
  TILE_OFFSETS(324),
  TILE_BYTES(325),
  SUB_DIRECTORIES(330),
  INK_SET(332),
  EXTRA_SAMPLES(338),
  SAMPLE_FORMAT(339),
  JPEG_TABLES(347),
  YCBCR_COEFFICIENTS(529),
  YCBCR_SUBSAMPLING(530),
  YCBCR_POSITIONING(531),
  REFERENCE_BLACK_WHITE(532),
  XMP(700),
  IMAGE_DEPTH(32_997),
  IMAGEJ_SIZES(50_838),
  IMAGEJ_METADATA(50_839),
  HAMAMATSU(65_420);

  private static final Map<Integer, TiffTag> BY_NUMBER =
      Arrays.stream(values()).collect(Collectors.toMap(TiffTag::number, Function.identity()));

  private final int number;

  TiffTag(int number) {
    this.number = number;
  }

  /** TIFF's number of the field. */
  public int number() {
    return number;
  }

  /** The field of a number; empty where it is none of these. */
  static Optional<TiffTag> of(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }
}
