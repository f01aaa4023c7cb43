package io.histoflow.platform.rights;

import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;

import io.histoflow.schemas.Groups;
import io.histoflow.schemas.TopicLayout;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.TransactionalIds;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Somebody who talks to the brokers as a user of its own, and what it does there.
 *
 * @param word the name for people and for the user, such as {@code fine-tuning}
 * @param reads topics of the catalogue that it reads
 * @param writes topics of the catalogue that it writes
 * @param joins groups that it is a member of
 * @param watches groups of others whose progress it looks at
 * @param transactions transactional ids that it writes under
 */
public record Party(
    String word,
    Set<String> reads,
    Set<String> writes,
    Set<String> joins,
    Set<String> watches,
    List<ResourcePattern> transactions) {
  /** Publishes tiles and manifests; reads them to go on where it was interrupted. */
  public static final Party SCANNING =
      new Party(
          "scanning",
          topics(Topics.TILES_SCANNED, Topics.SLIDES_SCANNED),
          topics(Topics.TILES_SCANNED, Topics.SLIDES_SCANNED),
          Set.of(),
          Set.of(),
          List.of());

  /** Segments tiles with the weights in force. */
  public static final Party INFERENCE =
      new Party(
          "inference",
          topics(
              Topics.TILES_SCANNED,
              Topics.DECODER_WEIGHTS,
              Topics.DECODER_ARCHIVE,
              Topics.DECODER_DECISIONS,
              Topics.DECODER_CHANGES),
          withDeadLetters(Topics.TILES_SEGMENTED, Topics.WORKERS_VERSIONS),
          Set.of(Groups.INFERENCE),
          Set.of(),
          List.of(id(TransactionalIds.INFERENCE, PREFIXED)));

  /** Decides what people see; measures recall and drift; reports slides. */
  public static final Party ROUTING =
      new Party(
          "routing",
          topics(
              Topics.TILES_SEGMENTED,
              Topics.SLIDES_SCANNED,
              Topics.ORGANS_THRESHOLDS,
              Topics.TILES_REVIEW,
              Topics.MASKS_CORRECTED,
              Topics.MASKS_OPINIONS,
              Topics.RECALL_ESTIMATES,
              Topics.WORKERS_VERSIONS),
          withDeadLetters(
              Topics.TILES_REVIEW,
              Topics.TILES_HELD_BACK,
              Topics.ORGANS_THRESHOLDS,
              Topics.SLIDES_REPORTED,
              Topics.DRIFT_ALARMS,
              Topics.RECALL_ESTIMATES,
              Topics.RECALL_ALARMS),
          Set.of(Groups.ROUTING),
          Set.of(),
          List.of(id(TransactionalIds.ROUTING, PREFIXED)));

  /** Shows everything; takes verdicts, publishes dead letters again and changes weights. */
  public static final Party REVIEW =
      new Party(
          "review",
          allBut(Topics.MASKS_OPINIONS),
          withDeadLetters(
              Topics.TILES_REVIEW,
              Topics.TILES_CLAIMS,
              Topics.MASKS_CORRECTED,
              Topics.MASKS_OPINIONS,
              Topics.REVIEWERS_ACTS,
              Topics.DECODER_WEIGHTS,
              Topics.DECODER_CHANGES,
              Topics.TILES_SCANNED,
              Topics.TILES_SEGMENTED),
          Set.of(),
          Set.of(Groups.INFERENCE),
          List.of(
              id(TransactionalIds.REVIEW, PREFIXED),
              id(TransactionalIds.WEIGHTS, PREFIXED),
              id(TransactionalIds.DEAD_LETTERS, LITERAL)));

  /** Learns from corrections. */
  public static final Party FINE_TUNING =
      new Party(
          "fine-tuning",
          topics(
              Topics.MASKS_CORRECTED,
              Topics.DECODER_WEIGHTS,
              Topics.DECODER_ARCHIVE,
              Topics.DECODER_DECISIONS,
              Topics.DECODER_CHANGES),
          withDeadLetters(Topics.DECODER_WEIGHTS, Topics.DECODER_ARCHIVE, Topics.DECODER_DECISIONS),
          Set.of(Groups.FINE_TUNING),
          Set.of(),
          List.of(id(TransactionalIds.WEIGHTS, PREFIXED)));

  /** Keeps reports in its database, and its place with them. */
  public static final Party REPORTING =
      new Party(
          "reporting",
          topics(Topics.SLIDES_REPORTED, Topics.RECALL_ESTIMATES),
          withDeadLetters(),
          Set.of(),
          Set.of(),
          List.of());

  /** A person with the commands that mend things: replay, correct, weights, dead-letters. */
  public static final Party OPERATOR =
      new Party(
          "operator",
          allBut(),
          allBut(),
          Set.of(),
          Set.of(Groups.INFERENCE, Groups.ROUTING, Groups.FINE_TUNING),
          List.of(
              id(TransactionalIds.WEIGHTS, PREFIXED),
              id(TransactionalIds.REPLAY, LITERAL),
              id(TransactionalIds.CORRECT, LITERAL),
              id(TransactionalIds.DEAD_LETTERS, LITERAL)));

  /** Everybody. */
  public static final List<Party> ALL =
      List.of(SCANNING, INFERENCE, ROUTING, REVIEW, FINE_TUNING, REPORTING, OPERATOR);

  public Party {
    Objects.requireNonNull(word, "word");
    reads = Set.copyOf(reads);
    writes = Set.copyOf(writes);
    joins = Set.copyOf(joins);
    watches = Set.copyOf(watches);
    transactions = List.copyOf(transactions);
  }

  private static Set<String> topics(TopicSpec<?>... specs) {
    return Stream.of(specs).map(TopicSpec::name).collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> withDeadLetters(TopicSpec<?>... specs) {
    return Stream.concat(topics(specs).stream(), Stream.of(Topics.TILES_DEAD_LETTER.name()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> allBut(TopicSpec<?>... specs) {
    Set<String> out = topics(specs);
    return Topics.layouts().stream()
        .map(TopicLayout::name)
        .filter(name -> !out.contains(name))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static ResourcePattern id(String name, PatternType type) {
    return new ResourcePattern(ResourceType.TRANSACTIONAL_ID, name, type);
  }
}
