package io.histoflow.loadtests.measuring;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One figure over several rounds.
 *
 * @param values one a round, at least one
 */
public record Rates(List<Double> values) {

  /** Sorts the values. */
  public Rates {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Rates need at least one round.");
    }
    values = values.stream().sorted().toList();
  }

  /** Returns the median; of an even number of rounds, the mean of the middle two. */
  public double median() {
    int middle = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }

  /** Returns the lowest. */
  public double least() {
    return values.get(0);
  }

  /** Returns the highest. */
  public double most() {
    return values.get(values.size() - 1);
  }

  /** Returns {@code {"least", "median", "most"}}. */
  public ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("least", least())
        .put("median", median())
        .put("most", most());
  }
}
