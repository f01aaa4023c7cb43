package io.histoflow.topology;

import java.util.Objects;

/**
 * Which scores may be compared with each other.
 *
 * @param scoreName name of the routing score, for example {@code mean-entropy}
 * @param modelVersion version of the decoder weights that it comes from
 */
record ScoreKind(String scoreName, long modelVersion) {
  ScoreKind {
    Objects.requireNonNull(scoreName, "scoreName");
  }
}
