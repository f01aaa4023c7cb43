package io.histoflow.loadtests.measuring;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a benchmark measured. */
public interface BenchResult {
  /** Returns it as {@code --json} writes it. */
  ObjectNode toJson();
}
