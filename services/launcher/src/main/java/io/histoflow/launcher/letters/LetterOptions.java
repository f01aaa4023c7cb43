package io.histoflow.launcher.letters;

import io.histoflow.launcher.options.SinceConverter;
import io.histoflow.platform.letters.LetterFilter;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which dead letters are meant. */
final class LetterOptions {
  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Only letters whose reason has these words.")
  private String reason;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = "Only what this service refused, such as inference.")
  private String service;

  @Option(
      names = "--topic",
      paramLabel = "T",
      description = "Only records that came from this topic.")
  private String topic;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = SinceConverter.class,
      description = "Only records from then on, such as 2026-01-31T08:00:00Z, or 2h for ago.")
  private Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = SinceConverter.class,
      description = "Only records up to then, written in the same way.")
  private Instant until;

  @Option(
      names = "--tile",
      paramLabel = "ID",
      description = "Only records of this tile: by their key, or by what they hold.")
  private String tile;

  /** Returns the conditions that were given. */
  LetterFilter filter() {
    return new LetterFilter(
        Optional.ofNullable(reason),
        Optional.ofNullable(service),
        Optional.ofNullable(topic),
        Optional.ofNullable(since),
        Optional.ofNullable(until),
        Optional.ofNullable(tile));
  }
}
