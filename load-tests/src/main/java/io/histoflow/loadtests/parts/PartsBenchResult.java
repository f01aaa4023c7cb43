package io.histoflow.loadtests.parts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import java.util.List;

/**
 * What {@link PartsBench} measured.
 *
 * @param settings what was asked for
 * @param parts one for each part, by name
 */
public record PartsBenchResult(PartsBenchSettings settings, List<Part> parts)
    implements BenchResult {

  /** Copies the list. */
  public PartsBenchResult {
    parts = List.copyOf(parts);
  }

  /**
   * The time of one part.
   *
   * @param name what it does
   * @param micros mean over the turns, microseconds
   * @param least its fastest turn, microseconds
   * @param most its slowest turn, microseconds
   */
  public record Part(String name, double micros, double least, double most) {}

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tileSize", settings.edge());
    ObjectNode byName = json.putObject("parts");
    for (Part part : parts) {
      byName
          .putObject(part.name())
          .put("micros", part.micros())
          .put("least", part.least())
          .put("most", part.most());
    }
    return json;
  }
}
