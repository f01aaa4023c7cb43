package io.histoflow.datasets.synthetic;

import java.util.List;

/**
 * How the synthetic tissue of one organ is built; lengths in pixels of 0.25 micrometres.
 *
 * @param organ name in lower case, as topics carry it
 * @param architecture how its cells are arranged
 * @param nuclei of its epithelium, or of its glia
 * @param spacing distances
 * @param stroma what lies between structures
 * @param stain of the cytoplasm
 */
record OrganStyle(
    String organ,
    Architecture architecture,
    NucleusStyle nuclei,
    Spacing spacing,
    Stroma stroma,
    Stain stain) {

  private static final List<OrganStyle> ALL =
      List.of(
          new OrganStyle(
              "bladder",
              Architecture.SHEET,
              new NucleusStyle(14, 0.15f, 1.5f, 0.10f, 1.85f, 0.45f, 0.40f, 0.3f),
              new Spacing(31, 120, 0),
              new Stroma(0.0006f, 0.25f, 0.50f),
              new Stain(0.62f, 0.42f)),
          new OrganStyle(
              "brain",
              Architecture.FIBRILLARY,
              new NucleusStyle(12, 0.22f, 1.35f, 0.14f, 1.80f, 0.30f, 0.40f, 0.05f),
              new Spacing(48, 100, 0),
              new Stroma(0.0001f, 0.15f, 0.55f),
              new Stain(0.60f, 0.08f)),
          new OrganStyle(
              "breast",
              Architecture.NESTS,
              new NucleusStyle(17, 0.22f, 1.25f, 0.16f, 1.55f, 0.55f, 0.50f, 0.7f),
              new Spacing(36, 95, 0),
              new Stroma(0.0007f, 0.35f, 0.70f),
              new Stain(0.55f, 0.38f)),
          new OrganStyle(
              "colon",
              Architecture.GLANDS,
              new NucleusStyle(12.5f, 0.14f, 2.0f, 0.08f, 1.80f, 0.25f, 0.40f, 0.2f),
              new Spacing(17, 92, 0.42f),
              new Stroma(0.0011f, 0.60f, 0.45f),
              new Stain(0.46f, 0.40f)),
          new OrganStyle(
              "kidney",
              Architecture.GLANDS,
              new NucleusStyle(12, 0.10f, 1.1f, 0.05f, 1.75f, 0.30f, 0.35f, 0.3f),
              new Spacing(44, 66, 0.32f),
              new Stroma(0.0003f, 0.25f, 0.50f),
              new Stain(0.62f, 0.12f)),
          new OrganStyle(
              "liver",
              Architecture.PLATES,
              new NucleusStyle(14.5f, 0.12f, 1.05f, 0.04f, 1.60f, 0.60f, 0.35f, 0.9f),
              new Spacing(58, 100, 0),
              new Stroma(0.0003f, 0.3f, 0.5f),
              new Stain(0.95f, 0.20f)),
          new OrganStyle(
              "lung",
              Architecture.ALVEOLI,
              new NucleusStyle(12.5f, 0.20f, 1.5f, 0.14f, 1.80f, 0.35f, 0.40f, 0.2f),
              new Spacing(30, 100, 0.80f),
              new Stroma(0.0010f, 0.45f, 0.45f),
              new Stain(0.60f, 0.24f)),
          new OrganStyle(
              "prostate",
              Architecture.GLANDS,
              new NucleusStyle(13, 0.14f, 1.25f, 0.08f, 1.50f, 0.45f, 0.40f, 0.6f),
              new Spacing(25, 110, 0.50f),
              new Stroma(0.0009f, 0.10f, 0.75f),
              new Stain(0.52f, 0.28f)),
          new OrganStyle(
              "stomach",
              Architecture.GLANDS,
              new NucleusStyle(13.5f, 0.18f, 1.4f, 0.12f, 1.75f, 0.40f, 0.45f, 0.4f),
              new Spacing(24, 72, 0.22f),
              new Stroma(0.0010f, 0.55f, 0.45f),
              new Stain(0.58f, 0.30f)));

  static List<String> organs() {
    return ALL.stream().map(OrganStyle::organ).toList();
  }

  static OrganStyle of(String organ) {
    return ALL.stream()
        .filter(style -> style.organ().equals(organ))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no synthetic tissue of '" + organ + "'; choose of " + organs()));
  }

  /** The plan by which cells are arranged. */
  enum Architecture {
    /** Epithelium over most of the area, as urothelium. */
    SHEET,
    /** Solid islands of epithelium in stroma, as carcinoma. */
    NESTS,
    /** Rings of epithelium around a lumen, as glands and tubules. */
    GLANDS,
    /** Thin walls around air. */
    ALVEOLI,
    /** Plates of large cells between narrow channels, as hepatocytes. */
    PLATES,
    /** Scattered cells in a fine mesh, as glia. */
    FIBRILLARY
  }

  /**
   * Distances.
   *
   * @param nuclei between centres of epithelial nuclei
   * @param structure radius of a gland, nest or air space
   * @param lumen radius of the lumen as a share of the structure's
   */
  record Spacing(float nuclei, float structure, float lumen) {}

  /**
   * What lies between structures.
   *
   * @param cells nuclei per pixel
   * @param lymphocytes share of lymphocytes among them; the others are fibroblasts
   * @param fibres strength of the fibre texture, 0..1
   */
  record Stroma(float cells, float lymphocytes, float fibres) {}

  /**
   * Optical densities of epithelial cytoplasm.
   *
   * @param eosin of the pink stain
   * @param haematoxylin of the blue stain
   */
  record Stain(float eosin, float haematoxylin) {}
}
