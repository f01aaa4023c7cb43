package io.histoflow.access;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where passwords wait to be verified: one at a time from each address and few behind it, so that
 * nobody who sends many keeps others waiting. Safe for use by several threads.
 */
public final class SignInLine {
  private static final int MOST_IN_ALL = 64;
  private static final long LONGEST_SECONDS = 30;

  private final int mostOfAddress;
  private final Map<String, Line> lines = new HashMap<>();
  private int inAll;

  /**
   * Begins with nobody waiting.
   *
   * @param mostOfAddress most that are verified or wait from one address, 1 or more
   */
  public SignInLine(int mostOfAddress) {
    this.mostOfAddress = mostOfAddress;
  }

  /**
   * Waits until it is the caller's turn.
   *
   * @return the turn, to be closed; empty where too many wait
   */
  public Optional<Turn> enter(String address) {
    Line line = joined(address);
    if (line == null) {
      return Optional.empty();
    }
    boolean turn = false;
    try {
      turn = line.lock.tryLock(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!turn) {
      leave(address, line);
      return Optional.empty();
    }
    return Optional.of(
        () -> {
          line.lock.unlock();
          leave(address, line);
        });
  }

  private synchronized Line joined(String address) {
    Line line = lines.get(address);
    if (inAll >= MOST_IN_ALL || (line != null && line.length >= mostOfAddress)) {
      return null;
    }
    if (line == null) {
      line = new Line();
      lines.put(address, line);
    }
    line.length++;
    inAll++;
    return line;
  }

  private synchronized void leave(String address, Line line) {
    line.length--;
    inAll--;
    if (line.length == 0) {
      lines.remove(address);
    }
  }

  /** The right to have a password verified. */
  public interface Turn extends AutoCloseable {
    /** Lets the next one in; by the thread that entered. */
    @Override
    void close();
  }

  private static final class Line {
    private final ReentrantLock lock = new ReentrantLock(true);
    private int length;
  }
}
