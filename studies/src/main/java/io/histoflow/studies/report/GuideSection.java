package io.histoflow.studies.report;

import io.histoflow.segmentation.inference.BlendingSegmenter;

/** How to read the report. */
public final class GuideSection implements Section {

  @Override
  public String title() {
    return "How to read this";
  }

  @Override
  public void write(Html html) {
    html.open("dl", "class", "guide");
    entry(html, "recall", "The share of the positive pixels that was found; FNR is 1 - recall.");
    entry(html, "precision", "The share of what was found that is right.");
    entry(html, "Dice, IoU", "2 TP / (2 TP + FP + FN) and TP / (TP + FP + FN).");
    entry(html, "F2", "5 TP / (5 TP + 4 FN + FP): recall weighs four times as much as precision.");
    entry(
        html,
        "mean ± SD",
        "Over images, each counting the same; SD is that of these images (divided by n). An image"
            + " for which a figure is undefined, such as recall where nothing is positive, is left"
            + " out and shows as a dash where it is the only one.");
    entry(
        html,
        "all pixels",
        "The pixels of all images counted together, so that crowded and large images weigh more.");
    entry(
        html,
        "threshold",
        "A pixel is positive where its probability is above it. Figures at a threshold that was"
            + " chosen on these same images are flattering.");
    entry(
        html,
        "entropy",
        "How unsure the network is of a pixel: 0 bit for probability 0 or 1, 1 bit for one half."
            + " Shown as means of 4 x 4 pixels.");
    entry(
        html,
        "large images",
        "Above %d pixels a side, images are segmented in tiles that overlap by %d pixels or more and"
                .formatted(BlendingSegmenter.LARGEST_TILE, BlendingSegmenter.OVERLAP)
            + " are blended.");
    html.close();
  }

  private static void entry(Html html, String term, String meaning) {
    html.element("dt", term).element("dd", meaning);
  }
}
