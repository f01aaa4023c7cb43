package io.histoflow.datasets.synthetic;

/**
 * How the nuclei of one kind of cell look; lengths in pixels of 0.25 micrometres.
 *
 * @param radius mean radius of the circle of the same area
 * @param spread standard deviation of the radius as a share of it
 * @param elongation long axis over short axis, 1 = round
 * @param irregularity how far the outline leaves the ellipse, as a share of the radius
 * @param density optical density of haematoxylin
 * @param vesicular 0 = evenly dark, 1 = pale inside with a dark rim
 * @param chromatin strength of the texture inside, 0..1
 * @param nucleoli chance of a nucleolus, 0..1
 */
record NucleusStyle(
    float radius,
    float spread,
    float elongation,
    float irregularity,
    float density,
    float vesicular,
    float chromatin,
    float nucleoli) {

  static final NucleusStyle LYMPHOCYTE =
      new NucleusStyle(10.5f, 0.10f, 1.1f, 0.07f, 2.30f, 0.1f, 0.35f, 0);
  static final NucleusStyle FIBROBLAST =
      new NucleusStyle(9, 0.22f, 3.2f, 0.16f, 1.75f, 0.2f, 0.30f, 0);
}
