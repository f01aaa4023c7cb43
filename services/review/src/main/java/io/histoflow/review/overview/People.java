package io.histoflow.review.overview;

import io.histoflow.schemas.ReviewAct;
import io.histoflow.schemas.ReviewActKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What each person did in review, added up from their acts. Bounded in people, in what is told
 * apart, and in times. Not safe for use by several threads.
 */
public final class People {
  /** Who takes longer for a tile did something else meanwhile; the page's pace has the same. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final int MOST_PEOPLE = 1_000;
  private static final int MOST_WORK = 20_000;
  private static final int MOST_OPEN = 20_000;
  private static final int MOST_TIMES = 200;
  private static final int LONGEST_NAME = 256;
  private static final Work OTHER = new Work(null, null, null);

  private final Map<String, Sums> people = new TreeMap<>();
  private final Map<Opened, Instant> open = new LinkedHashMap<>();
  private long nextOffset;
  private int works;
  private boolean isWhole = true;

  /**
   * On what somebody decided; null where the act does not say, or too much is told apart.
   *
   * @param organ the tile's
   * @param modelId whose mask it was
   * @param modelVersion version of its weights
   */
  public record Work(String organ, String modelId, Long modelVersion) {}

  /**
   * How many decisions.
   *
   * @param verdicts that counted
   * @param opinions beside another's verdict
   */
  public record Decisions(long verdicts, long opinions) {}

  /**
   * What somebody did.
   *
   * @param name who
   * @param decisions how many
   * @param claims how many tiles were opened that nobody else had
   * @param medianTime from opening a tile to deciding on it, of the latest that are known, those of
   *     more than ten minutes left out; empty where none is
   * @param timed of how many tiles that is
   * @param first the first act that was read
   * @param last the latest
   * @param work decisions by what they were on
   */
  public record Person(
      String name,
      Decisions decisions,
      long claims,
      Optional<Duration> medianTime,
      int timed,
      Instant first,
      Instant last,
      Map<Work, Decisions> work) {}

  /**
   * All of them.
   *
   * @param people by name
   * @param isWhole whether nobody was left out
   */
  public record Summary(List<Person> people, boolean isWhole) {}

  private record Opened(String name, String tileId) {}

  /** Takes an act; one that was read before, at its place on the topic, is passed over. */
  void add(ReviewAct act, long offset) {
    if (offset < nextOffset) {
      return;
    }
    nextOffset = offset + 1;
    String name = act.getReviewer();
    boolean isKept = people.containsKey(name) || people.size() < MOST_PEOPLE;
    if (name.isEmpty() || name.length() > LONGEST_NAME || !isKept) {
      isWhole = false;
      return;
    }
    people.computeIfAbsent(name, same -> new Sums(act.getAt())).add(act);
  }

  /** Returns what everybody did, by name. */
  Summary summary() {
    return new Summary(
        people.entrySet().stream()
            .map(person -> person.getValue().person(person.getKey()))
            .toList(),
        isWhole);
  }

  private final class Sums {
    private final Map<Work, long[]> work = new LinkedHashMap<>();
    private final Deque<Duration> times = new ArrayDeque<>();
    private Instant first;
    private Instant last;
    private long claims;

    Sums(Instant at) {
      first = at;
      last = at;
    }

    void add(ReviewAct act) {
      first = act.getAt().isBefore(first) ? act.getAt() : first;
      last = act.getAt().isAfter(last) ? act.getAt() : last;
      Opened tile = new Opened(act.getReviewer(), act.getTileId());
      if (act.getKind() == ReviewActKind.CLAIMED) {
        claims++;
        open.put(tile, act.getAt());
        if (open.size() > MOST_OPEN) {
          open.remove(open.keySet().iterator().next());
        }
      } else if (act.getKind() == ReviewActKind.DECIDED) {
        decided(act)[0]++;
        timed(open.remove(tile), act.getAt());
      } else if (act.getKind() == ReviewActKind.SECOND_OPINION) {
        decided(act)[1]++;
        timed(open.remove(tile), act.getAt());
      }
    }

    private long[] decided(ReviewAct act) {
      Work on = new Work(act.getOrgan(), act.getModelId(), act.getModelVersion());
      if (!work.containsKey(on) && works >= MOST_WORK) {
        on = OTHER;
      }
      return work.computeIfAbsent(
          on,
          absent -> {
            works++;
            return new long[2];
          });
    }

    private void timed(Instant opened, Instant decided) {
      if (opened == null || decided.isBefore(opened)) {
        return;
      }
      Duration time = Duration.between(opened, decided);
      if (time.compareTo(LONGEST) <= 0) {
        times.addLast(time);
        if (times.size() > MOST_TIMES) {
          times.removeFirst();
        }
      }
    }

    private Person person(String name) {
      Map<Work, Decisions> on = new LinkedHashMap<>();
      work.entrySet().stream()
          .sorted(Comparator.comparing(entry -> text(entry.getKey())))
          .forEach(entry -> on.put(entry.getKey(), decisions(entry.getValue())));
      return new Person(
          name,
          new Decisions(
              on.values().stream().mapToLong(Decisions::verdicts).sum(),
              on.values().stream().mapToLong(Decisions::opinions).sum()),
          claims,
          median(),
          times.size(),
          first,
          last,
          on);
    }

    private Optional<Duration> median() {
      List<Duration> sorted = new ArrayList<>(times);
      sorted.sort(Comparator.naturalOrder());
      int middle = sorted.size() / 2;
      if (sorted.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          sorted.size() % 2 == 1
              ? sorted.get(middle)
              : sorted.get(middle - 1).plus(sorted.get(middle)).dividedBy(2));
    }
  }

  private static Decisions decisions(long[] counts) {
    return new Decisions(counts[0], counts[1]);
  }

  private static String text(Work work) {
    return work.organ() + "/" + work.modelId() + "/" + work.modelVersion();
  }
}
