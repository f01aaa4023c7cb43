package io.histoflow.platform.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a child process running: starts it, starts it again when it dies, and ends it when closed.
 *
 * <p>{@link #start} returns when the process exists, not when it is ready for work. A child that
 * keeps dying young, or that refuses its arguments (exit code 2), makes the service fail, with the
 * child's last words.
 */
public final class ChildService extends LoopService {
  private static final Logger log = LoggerFactory.getLogger(ChildService.class);

  /** The exit code of our command line for arguments or a configuration that it refuses. */
  private static final int WRONG_USAGE = 2;

  private static final Duration CHECK = Duration.ofSeconds(1);

  /**
   * When a dead child is started again.
   *
   * @param firstDelay how long to wait after the first death; doubled for each death that follows
   *     before the child has lived for {@code stableAfter}
   * @param maxDelay the longest wait
   * @param stableAfter how long a child lives before its death counts as the first again
   * @param maxDeaths how many deaths in a row make the service fail
   */
  public record RestartPolicy(
      Duration firstDelay, Duration maxDelay, Duration stableAfter, int maxDeaths) {
    /** 0.5 s doubling up to 30 s; stable after a minute; the sixth death in a row is final. */
    public static final RestartPolicy DEFAULT =
        new RestartPolicy(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofMinutes(1), 6);

    Duration delay(int deaths) {
      Duration delay = firstDelay;
      for (int i = 1; i < deaths && delay.compareTo(maxDelay) < 0; i++) {
        delay = delay.multipliedBy(2);
      }
      return delay.compareTo(maxDelay) < 0 ? delay : maxDelay;
    }
  }

  private final ChildCommand command;
  private final RestartPolicy policy;
  private final Duration gentleTimeout;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicLong restarts = new AtomicLong();
  private volatile ChildProcess child;
  private long bornAtNanos;
  private int deathsInARow;

  /**
   * Prepares the child without starting it, with {@link RestartPolicy#DEFAULT}.
   *
   * @param command how to start the child
   * @param gentleTimeout how long closing waits for the child to end by itself
   */
  public ChildService(ChildCommand command, Duration gentleTimeout) {
    this(command, gentleTimeout, RestartPolicy.DEFAULT);
  }

  /**
   * Prepares the child without starting it.
   *
   * @param command how to start the child
   * @param gentleTimeout how long closing waits for the child to end by itself
   * @param policy when it is started again
   */
  public ChildService(ChildCommand command, Duration gentleTimeout, RestartPolicy policy) {
    super(command.name(), gentleTimeout.plusSeconds(10));
    this.command = command;
    this.gentleTimeout = gentleTimeout;
    this.policy = policy;
  }

  /**
   * Returns how often the child was started again.
   *
   * @return the number of restarts
   */
  public long restarts() {
    return restarts.get();
  }

  /**
   * Returns the present child's process id.
   *
   * @return the id, empty when none is running
   */
  public OptionalLong pid() {
    ChildProcess present = child;
    return present != null && present.isAlive()
        ? OptionalLong.of(present.pid())
        : OptionalLong.empty();
  }

  /**
   * Returns the last lines of the child's log that say something.
   *
   * @param count how many at most
   * @return the lines, oldest first
   */
  public List<String> lastLogLines(int count) {
    ChildProcess present = child;
    return present == null ? List.of() : present.lastLogLines(count);
  }

  @Override
  protected void onStart() {
    startChild();
  }

  @Override
  protected void runOnce() throws InterruptedException {
    if (!child.awaitEnd(CHECK) || !isRunning()) {
      return;
    }
    if (child.exitCode() == WRONG_USAGE) {
      throw new ServiceException(child.obituary() + " Starting it again would not help.");
    }
    boolean wasStable = System.nanoTime() - bornAtNanos >= policy.stableAfter().toNanos();
    deathsInARow = wasStable ? 1 : deathsInARow + 1;
    if (deathsInARow >= policy.maxDeaths()) {
      throw new ServiceException(
          child.obituary() + " It died " + deathsInARow + " times in a row and is given up.");
    }
    Duration delay = policy.delay(deathsInARow);
    log.atWarn()
        .addKeyValue("service", name())
        .addKeyValue("delay", delay)
        .log("Starting it again: {}", child.obituary());
    if (!closing.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
      startChild();
      restarts.incrementAndGet();
    }
  }

  @Override
  protected void wakeUp() {
    closing.countDown();
    ChildProcess present = child;
    if (present != null) {
      present.askToEnd();
    }
  }

  @Override
  protected void onStop() {
    if (child != null) {
      child.close();
    }
  }

  private void startChild() {
    child = ChildProcess.start(command, gentleTimeout);
    bornAtNanos = System.nanoTime();
    log.atDebug()
        .addKeyValue("service", name())
        .addKeyValue("pid", child.pid())
        .log("The child process has started");
  }
}
