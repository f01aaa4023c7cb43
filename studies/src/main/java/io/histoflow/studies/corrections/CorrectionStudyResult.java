package io.histoflow.studies.corrections;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.evaluation.Spread;
import io.histoflow.studies.corrections.CorrectionRound.Choice;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What simulated rounds of corrections won.
 *
 * @param rounds both halves, all seeds and choices
 */
public record CorrectionStudyResult(List<CorrectionRound> rounds) {

  /** Copies the list. */
  public CorrectionStudyResult {
    rounds = List.copyOf(rounds);
  }

  /** Returns mean and SD of a figure over the rounds of a choice. */
  public Spread over(Choice choice, ToDoubleFunction<CorrectionRound> figure) {
    return Spread.of(rounds.stream().filter(round -> round.choice() == choice).toList(), figure);
  }

  /**
   * Returns {@code {"uncertain": {"recallBefore", "recallAfter", "recallGain",
   * "averagePrecisionGain", "knownGain"}, "stratified": {...}, "random": {...}, "rounds": [...]}};
   * figures are mean and SD over rounds, the gain of recall is relative.
   */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (Choice choice : Choice.values()) {
      ObjectNode node = json.putObject(name(choice));
      node.set("recallBefore", FigureJson.of(over(choice, CorrectionRound::recallBefore)));
      node.set("recallAfter", FigureJson.of(over(choice, CorrectionRound::recallAfter)));
      node.set("recallGain", FigureJson.of(over(choice, CorrectionRound::relativeGain)));
      node.set(
          "averagePrecisionGain",
          FigureJson.of(over(choice, CorrectionRound::averagePrecisionGain)));
      node.set("knownGain", FigureJson.of(over(choice, CorrectionRound::knownGain)));
    }
    ArrayNode array = json.putArray("rounds");
    for (CorrectionRound round : rounds) {
      array.add(FigureJson.ofRecord(round).put("choice", name(round.choice())));
    }
    return json;
  }

  private static String name(Choice choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
