package io.histoflow.studies.thresholds;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a rule for thresholds gives on laboratories that had no part in it.
 *
 * @param rule its name
 * @param sets at the recall that it was set for on the other laboratories
 * @param matched with all thresholds moved alike, as logits, until the mean precision over sets is
 *     that of the one threshold for all
 * @param gains by data set: recall won beside the one threshold where the rule is moved to that
 *     one's precision on this very set; says whether tiles of one set differ by their style
 */
record RuleFigures(
    String rule, List<SetFigures> sets, List<SetFigures> matched, Map<String, Double> gains) {

  static double mean(List<SetFigures> sets, ToDoubleFunction<SetFigures> figure) {
    return sets.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }

  /** Returns the set of the lowest recall. */
  static SetFigures worst(List<SetFigures> sets) {
    return sets.stream().min(Comparator.comparingDouble(SetFigures::recall)).orElseThrow();
  }
}
