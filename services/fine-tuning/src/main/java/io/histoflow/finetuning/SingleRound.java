package io.histoflow.finetuning;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/** Settings for one round over corrections that are all known before it, as a demo has it. */
public final class SingleRound {
  private static final double STEP = 0.001;

  private SingleRound() {}

  /**
   * Returns the settings: the round begins with the last of the corrections. Of few, the usual
   * share may by chance hold out too few to judge a candidate by; then more are held out, by the
   * same hash of their ids, and at least one is left to learn from.
   *
   * @param tileIds tiles that are corrected, at least one
   */
  public static Map<String, String> over(Collection<String> tileIds) {
    int needed =
        Math.min(FineTuningOptions.MIN_HELD_OUT.defaultValue().orElseThrow(), tileIds.size() - 1);
    double share = FineTuningOptions.HELD_OUT_SHARE.defaultValue().orElseThrow();
    while (tileIds.stream().filter(new HeldOut(share)::contains).count() < needed) {
      share = Math.min(1, share + STEP);
    }
    return Map.of(
        FineTuningOptions.MIN_CORRECTIONS.name(),
        Integer.toString(tileIds.size()),
        FineTuningOptions.HELD_OUT_SHARE.name(),
        String.format(Locale.ROOT, "%.3f", share));
  }
}
