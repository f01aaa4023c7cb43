package io.histoflow.launcher.letters;

import io.histoflow.platform.letters.DeadLetter;
import io.histoflow.platform.letters.LetterId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts letters by why, by whom and from where. Keeps a bounded number of groups. */
public final class LetterGroups {
  private static final int MOST_GROUPS = 1000;
  private static final int EXAMPLES = 3;
  private static final Kind OTHERS = new Kind("(other reasons)", "(any)", "(any)");

  private final Map<Kind, Group> groups = new HashMap<>();
  private long total;

  /**
   * What the letters of a group share.
   *
   * @param reason the reason with what differs from record to record taken out: the key is …, and
   *     every number is #
   * @param service who refused the records
   * @param topic where they came from
   */
  public record Kind(String reason, String service, String topic) {
    static Kind of(DeadLetter letter) {
      String reason = letter.reason();
      if (!letter.key().isBlank()) {
        reason = reason.replace(letter.key(), "…");
      }
      return new Kind(reason.replaceAll("\\d+", "#"), letter.service(), letter.topic());
    }
  }

  /** The letters of one kind. */
  public static final class Group {
    private final Kind kind;
    private final List<LetterId> examples = new ArrayList<>();
    private long count;
    private long bytes;
    private Instant first = Instant.MAX;
    private Instant last = Instant.MIN;

    private Group(Kind kind) {
      this.kind = kind;
    }

    private void add(DeadLetter letter) {
      count++;
      bytes += letter.bytes();
      first = letter.time().isBefore(first) ? letter.time() : first;
      last = letter.time().isAfter(last) ? letter.time() : last;
      if (examples.size() < EXAMPLES) {
        examples.add(letter.id());
      }
    }

    /** What they share. */
    public Kind kind() {
      return kind;
    }

    /** How many there are. */
    public long count() {
      return count;
    }

    /** The size of all their values in bytes. */
    public long bytes() {
      return bytes;
    }

    /** The earliest time of their records. */
    public Instant first() {
      return first;
    }

    /** The latest time of their records. */
    public Instant last() {
      return last;
    }

    /** Some of them. */
    public List<LetterId> examples() {
      return List.copyOf(examples);
    }
  }

  /** Counts one more. */
  public void add(DeadLetter letter) {
    total++;
    Kind kind = Kind.of(letter);
    Group known = groups.get(kind);
    if (known == null) {
      Kind kept = groups.size() < MOST_GROUPS ? kind : OTHERS;
      known = groups.computeIfAbsent(kept, Group::new);
    }
    known.add(letter);
  }

  /** How many letters there are. */
  public long total() {
    return total;
  }

  /** The groups, the largest first. */
  public List<Group> largestFirst() {
    return groups.values().stream()
        .sorted(Comparator.comparingLong(Group::count).reversed())
        .toList();
  }
}
