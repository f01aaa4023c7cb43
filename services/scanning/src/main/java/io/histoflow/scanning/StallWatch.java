package io.histoflow.scanning;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Says when what was begun does not end: soon, with a reason, and again while it lasts. Safe for
 * use by several threads.
 */
final class StallWatch implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Between two sentences on the same stall. */
  private static final int REPEAT = 3;

  private final Duration patience;
  private final Supplier<String> sentence;
  private final Consumer<String> notices;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "stall-watch");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicLong pending = new AtomicLong();
  private volatile long movedAt = System.nanoTime();
  private long nextWord;

  /**
   * Begins to watch.
   *
   * @param patience how long nothing may move before it is said
   * @param sentence what to say; it may take a while to find out
   * @param notices who hears it
   */
  StallWatch(Duration patience, Supplier<String> sentence, Consumer<String> notices) {
    this.patience = patience;
    this.sentence = sentence;
    this.notices = notices;
    long step = Math.max(1, patience.toMillis() / 5);
    // The future tells of nothing that is not told here.
    var unused = clock.scheduleWithFixedDelay(this::look, step, step, TimeUnit.MILLISECONDS);
  }

  /** Something has begun. */
  void begun() {
    if (pending.getAndIncrement() == 0) {
      movedAt = System.nanoTime();
    }
  }

  /** Something that had begun has ended, well or not. */
  void ended() {
    pending.decrementAndGet();
    movedAt = System.nanoTime();
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private void look() {
    long now = System.nanoTime();
    long still = now - movedAt;
    if (pending.get() == 0 || still < patience.toNanos()) {
      nextWord = now;
      return;
    }
    if (now - nextWord >= 0) {
      String words = sentence.get();
      if (!clock.isShutdown()) {
        notices.accept(words);
      }
      nextWord = System.nanoTime() + REPEAT * patience.toNanos();
    }
  }
}
