package io.histoflow.access;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/** Caches of what is known for a while. */
final class ShortMemory {
  private ShortMemory() {}

  /**
   * Begins to build a cache that is never larger than it may be and has no thread of its own.
   *
   * @param most most entries; of more, those go that are asked for least
   * @param clock tells when an entry is old
   */
  static Caffeine<Object, Object> of(int most, Clock clock) {
    return Caffeine.newBuilder()
        .maximumSize(most)
        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
        .executor(Runnable::run);
  }
}
