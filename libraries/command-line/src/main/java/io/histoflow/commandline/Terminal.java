package io.histoflow.commandline;

import io.histoflow.datasets.ProgressListener;
import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine;

/**
 * Where progress goes: a bar that redraws itself on a terminal, plain lines (at most one every few
 * seconds and one per tenth) otherwise, so that logs of a batch job stay readable.
 */
public final class Terminal {
  private final PrintStream out;
  private final boolean interactive;

  Terminal(PrintStream out, boolean interactive) {
    this.out = out;
    this.interactive = interactive;
  }

  /** Progress on standard error, so that standard output stays for results. */
  public static Terminal standard() {
    return new Terminal(System.err, CommandLine.Help.Ansi.AUTO.enabled());
  }

  /** One line of its own. */
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  /** Starts a task of {@code total} steps; 0 where the number is not known. */
  public Task start(String name, long total) {
    return interactive ? new Bar(name, total) : new Lines(name, total);
  }

  /** One piece of long work, which may tell it how far it is. */
  public interface Task extends ProgressListener, AutoCloseable {
    /**
     * Says how far the work is; called between two of its steps.
     *
     * @throws StoppedException when somebody has asked the command to stop
     */
    void update(long done, long total, String note);

    @Override
    default void onProgress(String phase, long done, long total, String note) {
      update(done, total, note);
    }

    @Override
    void close();
  }

  private final class Bar implements Task {
    private final ProgressBar bar;

    Bar(String name, long total) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(total <= 0 ? -1 : total)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setConsumer(new ConsoleProgressBarConsumer(out))
              .build();
    }

    @Override
    public void update(long done, long total, String note) {
      ComputingThread.stopIfAsked();
      if (total > 0) {
        bar.maxHint(total);
      }
      bar.stepTo(done);
      bar.setExtraMessage(" " + note);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  private final class Lines implements Task {
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(5);

    private final String name;
    private long lastNanos;
    private long lastDone = -1;

    Lines(String name, long total) {
      this.name = name;
      this.lastNanos = System.nanoTime();
      say(total > 0 ? name + ": 0/" + total : name + " ...");
    }

    @Override
    public void update(long done, long total, String note) {
      ComputingThread.stopIfAsked();
      boolean finished = total > 0 && done >= total;
      boolean due = System.nanoTime() - lastNanos >= AT_MOST_EVERY.toNanos();
      if (done == lastDone || !(finished || due)) {
        return;
      }
      lastNanos = System.nanoTime();
      lastDone = done;
      String of = total > 0 ? "/" + total : "";
      say(name + ": " + done + of + (note == null || note.isBlank() ? "" : " " + note));
    }

    @Override
    public void close() {}
  }
}
