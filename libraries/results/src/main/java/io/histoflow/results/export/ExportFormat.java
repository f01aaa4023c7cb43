package io.histoflow.results.export;

import java.util.Locale;

/** What a slide's results can be written as. */
public enum ExportFormat {
  /** Outlines for QuPath. */
  GEOJSON(".geojson"),
  /** A table of nuclei. */
  CSV(".csv"),
  /** The mask as a pyramid of tiles. */
  MASKS(".tif"),
  /** Microscopy Bulk Simple Annotations of DICOM. */
  DICOM_ANN(".dcm");

  private final String ending;

  ExportFormat(String ending) {
    this.ending = ending;
  }

  /** Returns the ending of its files. */
  public String ending() {
    return ending;
  }

  /** Returns its name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
