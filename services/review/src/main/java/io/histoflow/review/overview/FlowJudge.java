package io.histoflow.review.overview;

import io.histoflow.platform.kafka.PartitionProgress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Judges from how far topics are whether tiles come through inference. For one thread. */
final class FlowJudge {
  /** One tile that cannot be used is no sign that none can. */
  private static final int FEWEST_REFUSED = 3;

  private final PartitionProgress progress;
  private Optional<Reading> answered = Optional.empty();

  /**
   * Begins knowing nothing.
   *
   * @param patience how long tiles may wait without one of their partition being answered
   * @param clock tells that time
   */
  FlowJudge(Duration patience, InstantSource clock) {
    this.progress = new PartitionProgress(patience, clock);
  }

  /** Takes a reading and says how it stands. */
  Flow judge(Reading now) {
    progress.retain(now.scanned.keySet());
    now.scanned.forEach(
        (partition, range) -> progress.update(partition, range.next, range.waiting() > 0));
    // Control records of transactions count in these ends, so that only whether they move is known.
    if (answered.isEmpty() || now.segmented > answered.get().segmented) {
      answered = Optional.of(now);
    }
    long waiting = now.waiting();
    Optional<String> standstill = progress.standstill();
    if (standstill.isPresent()) {
      return new Flow(
          Flow.State.STANDING,
          waiting,
          "Inference stands still and tiles wait, %d in all. %s."
              .formatted(waiting, standstill.get()));
    }
    Reading last = answered.get();
    long refused = now.taken() - last.taken();
    if (refused >= FEWEST_REFUSED && now.deadLetters > last.deadLetters) {
      return new Flow(
          Flow.State.REFUSING,
          waiting,
          "The last %d tiles went to the dead letters: ./histoflow dead-letters list says why."
              .formatted(refused));
    }
    return new Flow(waiting > 0 ? Flow.State.RUNNING : Flow.State.IDLE, waiting, "");
  }

  /**
   * How far topics are at one moment.
   *
   * @param scanned of each partition of scanned tiles, what waits
   * @param segmented sum of the ends of the topic of segmented tiles
   * @param deadLetters sum of the ends of the topic of dead letters
   */
  record Reading(Map<TopicPartition, Range> scanned, long segmented, long deadLetters) {

    /** Tiles that wait. */
    long waiting() {
      return scanned.values().stream().mapToLong(Range::waiting).sum();
    }

    /** Tiles that were answered or refused, as offsets count them. */
    long taken() {
      return scanned.values().stream().mapToLong(Range::next).sum();
    }
  }

  /**
   * What waits in a partition.
   *
   * @param next the first offset that is not done
   * @param end the offset that the next record to come will have
   */
  record Range(long next, long end) {

    private long waiting() {
      return Math.max(0, end - next);
    }
  }
}
