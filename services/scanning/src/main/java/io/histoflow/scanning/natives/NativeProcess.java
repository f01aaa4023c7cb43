package io.histoflow.scanning.natives;

import io.histoflow.imaging.ImageRejectedException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process that runs native decoders for one slide. It is started with the first job, and anew
 * where it ended or was too slow: what it was asked for then is refused, and the slide goes on. A
 * slide on which it ends too often is refused in whole. Belongs to one thread.
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
  private Process process;
  private DataOutputStream jobs;
  private DataInputStream answers;
  private ScheduledExecutorService watch;
  private int failures;

  /** A process that is not started yet. */
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
    if (failures >= MOST_FAILURES) {
      throw new ImageRejectedException(
          "its native decoder has ended " + MOST_FAILURES + " times on this file: it is damaged");
    }
    try {
      start();
    } catch (IOException e) {
      throw new ImageRejectedException(
          "the process for native decoders cannot be started (" + e.getMessage() + ")", e);
    }
    AtomicBoolean late = new AtomicBoolean();
    try {
      Process running = process;
      ScheduledFuture<?> alarm =
          watch.schedule(
              () -> {
                late.set(true);
                running.destroyForcibly();
              },
              patience.toMillis(),
              TimeUnit.MILLISECONDS);
      try {
        jobs.writeUTF(job.kind().name());
        job.write(jobs);
        jobs.flush();
        return answer(mostBytes);
      } finally {
        alarm.cancel(false);
      }
    } catch (IOException e) {
      failures++;
      stop();
      String how = late.get() ? "takes longer than " + patience.toSeconds() + " s" : "ended";
      throw new ImageRejectedException(
          "the native decoder " + how + " on " + what + ", which is damaged", e);
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

  /** Ends the process. */
  @Override
  public void close() {
    stop();
    if (watch != null) {
      watch.shutdownNow();
    }
  }

  private byte[] answer(int mostBytes) throws IOException, ImageRejectedException {
    byte state = answers.readByte();
    int length = answers.readInt();
    if (length < 0 || (state == NativeWorker.DONE ? length > mostBytes : length > 1 << 16)) {
      throw new IOException("an answer of " + length + " bytes");
    }
    byte[] answer = new byte[length];
    answers.readFully(answer);
    if (state == NativeWorker.REFUSED) {
      throw new ImageRejectedException(new String(answer, StandardCharsets.UTF_8));
    }
    if (state != NativeWorker.DONE) {
      throw new IOException("an answer of kind " + state);
    }
    return answer;
  }

  private void start() throws IOException {
    if (process != null && process.isAlive()) {
      return;
    }
    stop();
    if (watch == null) {
      watch =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "native-decoder-watch");
                thread.setDaemon(true);
                return thread;
              });
    }
    process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
    jobs = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
    answers = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
  }

  private void stop() {
    if (process != null) {
      process.destroyForcibly();
      process = null;
    }
  }
}
