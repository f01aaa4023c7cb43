package io.histoflow.review.overview;

import io.histoflow.schemas.ReviewAct;
import io.histoflow.schemas.ReviewActKind;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who gave verdicts when, the latest of them: whoever did has taught what was learned next. Bounded
 * in verdicts and people. Not safe for use by several threads.
 */
final class Teachers {
  private static final int MOST_VERDICTS = 50_000;
  private static final int MOST_PEOPLE = 1_000;
  private static final int LONGEST_NAME = 256;

  private final Map<String, String> people = new TreeMap<>();
  private final Set<Given> verdicts = new LinkedHashSet<>();

  /** Read once more, a verdict is the same as before. */
  private record Given(Instant at, String reviewer, int tile) {}

  /** Takes what somebody did; only verdicts with a mask teach. */
  void add(ReviewAct act) {
    boolean teaches = act.getKind() == ReviewActKind.DECIDED && !"UNUSABLE".equals(act.getDetail());
    String name = act.getReviewer();
    boolean isKept = people.containsKey(name) || people.size() < MOST_PEOPLE;
    if (!teaches || name.length() > LONGEST_NAME || !isKept) {
      return;
    }
    verdicts.add(
        new Given(
            act.getAt(),
            people.computeIfAbsent(name, same -> same),
            Objects.hashCode(act.getTileId())));
    if (verdicts.size() > MOST_VERDICTS) {
      verdicts.remove(verdicts.iterator().next());
    }
  }

  /** Returns how many verdicts each person gave after one moment and until another. */
  Map<String, Integer> between(Instant after, Instant until) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Given given : verdicts) {
      if (given.at.isAfter(after) && !given.at.isAfter(until)) {
        counts.merge(given.reviewer, 1, Integer::sum);
      }
    }
    return counts;
  }
}
