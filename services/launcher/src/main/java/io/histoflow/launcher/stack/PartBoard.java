package io.histoflow.launcher.stack;

import io.histoflow.platform.lifecycle.PartNotice;
import io.histoflow.platform.lifecycle.PartNotice.State;
import io.histoflow.platform.observability.Health;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What each part of the system does. It says one line when a part dies, with why and when it is
 * started again, and one when it runs again. Safe for use by several threads.
 */
final class PartBoard implements Health {
  private final Map<String, PartNotice> latest = new LinkedHashMap<>();
  private final Set<String> fallen = new HashSet<>();
  private final Consumer<String> lines;

  /**
   * @param lines receives the lines for a person
   */
  PartBoard(Consumer<String> lines) {
    this.lines = lines;
  }

  /** Notes what became of a part. */
  synchronized void post(PartNotice notice) {
    if (isDown(notice.state())) {
      lines.accept(describe(notice));
    } else if (notice.state() == State.RUNNING && fallen.contains(notice.part())) {
      lines.accept(notice.part() + " runs again.");
    }
    note(notice);
  }

  /** Notes that the process died that several parts share; one line tells it for all. */
  synchronized void postForAll(Collection<String> parts, PartNotice notice) {
    if (isDown(notice.state())) {
      lines.accept(describe(notice));
      parts.forEach(part -> note(new PartNotice(part, notice.state(), notice.sentence())));
    }
  }

  /**
   * Waits until each of the parts has run or died once.
   *
   * @return false when the time was up before that
   */
  synchronized boolean awaitFirstRun(Collection<String> parts, Duration atMost)
      throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!parts.stream().allMatch(this::hasSettled)) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return false;
      }
      wait(millis);
    }
    return true;
  }

  /** A sentence on the first part whose configuration is wrong, if one's is. */
  synchronized Optional<String> refusal() {
    return latest.values().stream()
        .filter(notice -> notice.state() == State.REFUSED)
        .map(PartNotice::sentence)
        .findFirst();
  }

  /** Parts that die are started again: nobody else needs to. */
  @Override
  public Optional<String> whyNotLive() {
    return Optional.empty();
  }

  @Override
  public synchronized Optional<String> whyNotReady() {
    return latest.values().stream()
        .filter(notice -> notice.state() != State.RUNNING)
        .map(PartBoard::describe)
        .findFirst();
  }

  @Override
  public synchronized String parts() {
    return latest.values().stream()
        .map(notice -> (notice.part() + "\t" + notice.state() + "\t" + notice.sentence()).strip())
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private void note(PartNotice notice) {
    latest.put(notice.part(), notice);
    if (isDown(notice.state())) {
      fallen.add(notice.part());
    } else if (notice.state() == State.RUNNING) {
      fallen.remove(notice.part());
    }
    notifyAll();
  }

  private boolean hasSettled(String part) {
    PartNotice notice = latest.get(part);
    return notice != null && (notice.state() == State.RUNNING || fallen.contains(part));
  }

  private static boolean isDown(State state) {
    return state == State.DOWN || state == State.REFUSED;
  }

  private static String describe(PartNotice notice) {
    String what =
        switch (notice.state()) {
          case STARTING -> " is starting";
          case RUNNING -> " runs";
          case DOWN -> " died";
          case REFUSED -> " refuses its configuration";
        };
    return notice.part() + what + (notice.sentence().isEmpty() ? "." : ": " + notice.sentence());
  }
}
