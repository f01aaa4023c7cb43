package io.histoflow.scanning.natives;

import io.histoflow.imaging.ImageRejectedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs native decoders for one slide in other processes, as many as threads ask at a time. One that
 * ends or is too slow costs the job that it had, and is started anew; a slide on which they end too
 * often is refused in whole. Safe for use by several threads.
 */
public final class NativeProcess implements AutoCloseable {

  /** Decoding takes milliseconds; a slide on a slow network drive is opened in seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Each start costs half a second: a slide damaged throughout must not cost hours. */
  private static final int MOST_FAILURES = 16;

  /** Room for the process's own buffers; what libraries allocate lies outside. */
  private static final String HEAP = "-Xmx512m";

  private final Duration patience;
  private final List<String> command;
  private final AtomicInteger failures = new AtomicInteger();
  private final Deque<NativeChild> idle = new ArrayDeque<>();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "native-decoder-watch");
            thread.setDaemon(true);
            return thread;
          });
  private boolean closed;

  /** No process is started yet. */
  public NativeProcess() {
    this(PATIENCE, command(NativeWorker.class));
  }

  NativeProcess(Duration patience, List<String> command) {
    this.patience = patience;
    this.command = List.copyOf(command);
  }

  static List<String> command(Class<?> main) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        HEAP,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        // A crash is told by the scan, and leaves no files behind.
        "-XX:+SuppressFatalErrorMessage",
        "-Djna.encoding=UTF-8",
        "-Djna.library.path=" + System.getProperty("jna.library.path", ""),
        "-cp",
        System.getProperty("java.class.path"),
        main.getName());
  }

  /**
   * Runs a job.
   *
   * @param what is read, for the sentence where the process ends on it
   * @param mostBytes that the answer may have
   * @throws ImageRejectedException where the job is refused, or the process ends or is too slow
   */
  byte[] run(Job job, String what, int mostBytes) throws ImageRejectedException {
    if (failures.get() >= MOST_FAILURES) {
      throw new ImageRejectedException(
          "its native decoder has ended " + MOST_FAILURES + " times on this file: it is damaged");
    }
    NativeChild child = take();
    try {
      return child.run(job, what, mostBytes);
    } finally {
      give(child);
    }
  }

  /**
   * Makes sure that JPEG 2000 can be decoded, before anything of a slide is published.
   *
   * @throws ImageRejectedException where it cannot; it says what to install
   */
  public void requireJpeg2000() throws ImageRejectedException {
    run(new Job.FindJpeg2000(), "nothing yet", 0);
  }

  /** Ends the processes; those that are at work when they are done. */
  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(NativeChild::close);
    idle.clear();
    watch.shutdown();
  }

  /** The one that this thread had last, where it is idle: it has what lies beside in memory. */
  private synchronized NativeChild take() {
    for (NativeChild child : idle) {
      if (child.isOf(Thread.currentThread())) {
        idle.remove(child);
        return child;
      }
    }
    return idle.isEmpty() ? new NativeChild(patience, command, watch, failures) : idle.pop();
  }

  private synchronized void give(NativeChild child) {
    if (closed) {
      child.close();
    } else {
      idle.push(child);
    }
  }
}
