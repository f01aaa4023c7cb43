package io.histoflow.scanning.natives;

import io.histoflow.imaging.ImageRejectedException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One process of a {@link NativeProcess}, started with its first job and anew where it ended.
 * Belongs to one thread at a time.
 */
final class NativeChild implements AutoCloseable {

  private final Duration patience;
  private final List<String> command;
  private final ScheduledExecutorService watch;
  private final AtomicInteger failures;
  private Process process;
  private DataOutputStream jobs;
  private DataInputStream answers;
  private Thread last;

  /**
   * @param patience how long a job may take
   * @param command that starts it
   * @param watch ends it where it takes longer
   * @param failures counts how often it ended or was too slow
   */
  NativeChild(
      Duration patience,
      List<String> command,
      ScheduledExecutorService watch,
      AtomicInteger failures) {
    this.patience = patience;
    this.command = command;
    this.watch = watch;
    this.failures = failures;
  }

  /** Whether its last job was a thread's. */
  boolean isOf(Thread thread) {
    return last == thread;
  }

  /** As {@link NativeProcess#run}. */
  byte[] run(Job job, String what, int mostBytes) throws ImageRejectedException {
    last = Thread.currentThread();
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
      failures.incrementAndGet();
      close();
      String how = late.get() ? "takes longer than " + patience.toSeconds() + " s" : "ended";
      throw new ImageRejectedException(
          "the native decoder " + how + " on " + what + ", which is damaged", e);
    }
  }

  /** Ends the process. */
  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      process = null;
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
    close();
    process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
    jobs = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
    answers = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
  }
}
