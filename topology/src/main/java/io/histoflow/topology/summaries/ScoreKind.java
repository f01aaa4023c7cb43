package io.histoflow.topology.summaries;

import java.util.Objects;

/**
 * Which scores may be compared with each other.
 *
 * @param scoreName name of the routing score, for example {@code mean-entropy}
 * @param modelVersion version of the decoder weights that it comes from
 */
public record ScoreKind(String scoreName, long modelVersion) {
  /** Requires a name. */
  public ScoreKind {
    Objects.requireNonNull(scoreName, "scoreName");
  }
}
