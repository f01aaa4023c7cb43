package io.histoflow.studies.ihc;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Table;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.ihc.Derivation;
import io.histoflow.imaging.Mask;
import java.util.Optional;

/**
 * What one pair, or one region of a pair of slides, gave; figures that were not come to are NaN.
 *
 * @param threshold of DAB, decadic optical density
 * @param stained share of the IHC above it
 * @param apart how far apart two channels put the pair, in pixels
 * @param determinant of the affine part
 * @param correlation of haematoxylin after registration
 * @param error of a label's place, in pixels of the H&E
 * @param quality 0..1
 * @param positive share of the H&E
 * @param uncertain share of the H&E
 * @param refusal why there are no labels; empty where there are
 */
record Outcome(
    String id,
    double threshold,
    double stained,
    double apart,
    double determinant,
    double correlation,
    double error,
    double quality,
    double positive,
    double uncertain,
    Optional<String> refusal) {

  static Outcome of(String id, Derivation found) {
    return new Outcome(
        id,
        found.dab().value(),
        found.dab().share(),
        found.agreement().apart(),
        found.agreement().haematoxylin().affine().determinant(),
        found.agreement().haematoxylin().after(),
        found.error(),
        found.quality(),
        found.labels().map(labels -> share(labels.mask())).orElse(Double.NaN),
        found.labels().map(labels -> share(labels.uncertain())).orElse(Double.NaN),
        found.refusal());
  }

  static Outcome refused(String id, String sentence) {
    double none = Double.NaN;
    return new Outcome(
        id, none, none, none, none, none, none, none, none, none, Optional.of(sentence));
  }

  static Table table(Iterable<Outcome> outcomes) {
    Table table =
        new Table(
            "pair",
            "DAB",
            "stained",
            "apart",
            "areas",
            "corr",
            "error",
            "quality",
            "positive",
            "uncertain",
            "");
    for (Outcome each : outcomes) {
      table.row(
          each.id,
          figure("%.2f", each.threshold),
          figure("%.1f %%", 100 * each.stained),
          figure("%.0f px", each.apart),
          figure("%.2f", each.determinant),
          figure("%.2f", each.correlation),
          figure("%.0f px", each.error),
          figure("%.2f", each.quality),
          figure("%.1f %%", 100 * each.positive),
          figure("%.1f %%", 100 * each.uncertain),
          each.refusal.isPresent() ? "refused" : "labels");
    }
    return table;
  }

  void writeTo(ArrayNode pairs) {
    ObjectNode pair = pairs.addObject().put("id", id);
    FigureJson.put(pair, "threshold", threshold);
    FigureJson.put(pair, "stained", stained);
    FigureJson.put(pair, "apart", apart);
    FigureJson.put(pair, "determinant", determinant);
    FigureJson.put(pair, "correlation", correlation);
    FigureJson.put(pair, "error", error);
    FigureJson.put(pair, "quality", quality);
    FigureJson.put(pair, "positive", positive);
    FigureJson.put(pair, "uncertain", uncertain);
    pair.put("refusal", refusal.orElse(null));
  }

  private static String figure(String format, double value) {
    return Double.isNaN(value) ? "" : text(format, value);
  }

  private static double share(Mask mask) {
    return (double) mask.positivePixels() / mask.values().length;
  }
}
