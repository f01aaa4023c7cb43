package io.histoflow.scanning;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** How fast a scan is lately, and when it will be done at that pace. Belongs to one thread. */
final class Pace {
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final Duration STEP = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Deque<Mark> marks = new ArrayDeque<>();

  private record Mark(Instant at, long done) {}

  Pace(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Says the pace over the last half minute; the first call begins it.
   *
   * @param done tiles so far
   * @param total tiles in all
   * @return such as '41.5 tiles/s, 3 min left'; empty in the first second
   */
  String after(long done, long total) {
    Instant now = clock.instant();
    if (marks.isEmpty() || !marks.getLast().at.plus(STEP).isAfter(now)) {
      marks.add(new Mark(now, done));
    }
    while (marks.size() > 2 && marks.getFirst().at.plus(WINDOW).isBefore(now)) {
      marks.removeFirst();
    }
    double seconds = Duration.between(marks.getFirst().at, now).toMillis() / 1e3;
    long tiles = done - marks.getFirst().done;
    if (seconds < 1 || tiles == 0) {
      return "";
    }
    double rate = tiles / seconds;
    return String.format(Locale.ROOT, "%.1f tiles/s, ", rate) + left((total - done) / rate);
  }

  private static String left(double seconds) {
    if (seconds < 90) {
      return Math.round(seconds) + " s left";
    }
    return seconds < 5_400
        ? Math.round(seconds / 60) + " min left"
        : String.format(Locale.ROOT, "%.1f h left", seconds / 3_600);
  }
}
