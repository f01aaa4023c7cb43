package io.histoflow.loadtests.measuring;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What a benchmark measured. */
public interface BenchResult {
  /** Returns it as {@code --json} writes it. */
  ObjectNode toJson();

  /**
   * Returns what was measured side by side, by the key under which {@link #toJson} has its median;
   * {@code a/b} for {@code b} within {@code a}.
   */
  default Map<String, SideBySide> sideBySide() {
    return Map.of();
  }
}
