package io.histoflow.loadtests.figures;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.commandline.Figures;
import java.util.Optional;

/**
 * One figure of the page: what it is, and where a run's JSON has it.
 *
 * @param what for people
 * @param run whose it is
 * @param at where its JSON has the figure
 * @param goal what it should be
 * @param format how it is written, a {@link java.util.Formatter}'s, of a number in units of {@code
 *     unit}
 * @param unit by which the JSON's number is divided
 */
record Figure(String what, FigureRun run, JsonPointer at, Goal goal, String format, double unit) {

  /** What a figure should be: at least or at most so much. */
  record Goal(boolean atLeast, double value) {
    static Goal atLeast(double value) {
      return new Goal(true, value);
    }

    static Goal atMost(double value) {
      return new Goal(false, value);
    }

    boolean isReachedBy(double figure) {
      return atLeast ? figure >= value : figure <= value;
    }
  }

  static Figure ratio(String what, FigureRun run, String at, Goal goal) {
    return new Figure(what, run, JsonPointer.compile(at), goal, "%.2f", 1);
  }

  /** Returns the figure with its interval; the reason where it was not measured. */
  String text(JsonNode result) {
    JsonNode figure = result.at(at);
    if (!figure.isNumber()) {
      return Optional.ofNullable(sibling(result, "notMeasured").textValue())
          .map(why -> "not measured: " + why)
          .orElse("not measured");
    }
    JsonNode interval = sibling(result, "sideBySide");
    String value = number(figure.asDouble());
    return interval.isMissingNode()
        ? value
        : value
            + " (%s to %s)"
                .formatted(
                    number(interval.get("lower").asDouble()),
                    number(interval.get("upper").asDouble()));
  }

  /** Returns the goal with whether it is reached. */
  String goalText(JsonNode result) {
    String text = (goal.atLeast() ? "≥ " : "≤ ") + number(goal.value());
    JsonNode figure = result.at(at);
    return figure.isNumber() && goal.isReachedBy(figure.asDouble()) ? text + " ✓" : text;
  }

  private String number(double value) {
    return Figures.text(format, value / unit);
  }

  private JsonNode sibling(JsonNode result, String name) {
    return result.at(at.head()).path(name).path(at.last().getMatchingProperty());
  }
}
