package io.histoflow.platform.lifecycle;

import io.histoflow.platform.logging.LogKeys;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a child process running: starts it, starts it again when it dies, and ends it when closed.
 *
 * <p>{@link #start} returns when the process exists, not when it is ready for work. It never gives
 * up: a child that refuses its arguments (exit code 2) is started again, too, though seldom.
 */
public final class ChildService extends LoopService {
  private static final Logger log = LoggerFactory.getLogger(ChildService.class);

  /** The exit code of our command line for arguments or a configuration that it refuses. */
  private static final int WRONG_USAGE = 2;

  private static final Duration CHECK = Duration.ofSeconds(1);

  private final ChildCommand command;
  private final RestartPolicy policy;
  private final Duration gentleTimeout;
  private final Consumer<PartNotice> listener;
  private final BooleanSupplier answers;
  private final Backoff backoff;
  private final AtomicLong restarts = new AtomicLong();
  private volatile ChildProcess child;
  private boolean isStarting;

  /** Prepares a child that tells by {@link PartNotice} lines what becomes of it. */
  public ChildService(ChildCommand command, Duration gentleTimeout, Consumer<PartNotice> listener) {
    this(command, gentleTimeout, RestartPolicy.DEFAULT, listener, () -> false);
  }

  /**
   * Prepares the child without starting it.
   *
   * @param command how to start the child
   * @param gentleTimeout how long closing waits for the child to end by itself
   * @param policy when it is started again
   * @param listener hears what becomes of it, on a thread of this service
   * @param answers whether the child is ready for work, where it does not tell that itself; asked
   *     again and again while it starts
   */
  public ChildService(
      ChildCommand command,
      Duration gentleTimeout,
      RestartPolicy policy,
      Consumer<PartNotice> listener,
      BooleanSupplier answers) {
    super(command.name(), gentleTimeout.plusSeconds(10));
    this.command = command;
    this.gentleTimeout = gentleTimeout;
    this.policy = policy;
    this.listener = listener;
    this.answers = answers;
    this.backoff = new Backoff(policy, InstantSource.system());
  }

  /** Returns how often the child was started again. */
  public long restarts() {
    return restarts.get();
  }

  /** Returns the present child's process id; empty when none is running. */
  public OptionalLong pid() {
    ChildProcess present = child;
    return present != null && present.isAlive()
        ? OptionalLong.of(present.pid())
        : OptionalLong.empty();
  }

  /** Returns the last lines of the child's log that say something, oldest first. */
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
    if (!child.awaitEnd(CHECK)) {
      if (isStarting && answers.getAsBoolean()) {
        isStarting = false;
        tell(PartNotice.State.RUNNING, "");
      }
      return;
    }
    if (isRunning()) {
      startAgain();
    }
  }

  @Override
  protected void wakeUp() {
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

  private void startAgain() throws InterruptedException {
    boolean refused = child.exitCode() == WRONG_USAGE;
    Duration counted = backoff.afterFailure();
    Duration delay = refused ? policy.maxDelay() : counted;
    String obituary = child.obituary();
    log.atDebug().addKeyValue("delay", delay).log("Starting it again: {}", obituary);
    tell(
        refused ? PartNotice.State.REFUSED : PartNotice.State.DOWN,
        obituary + " It is started again in " + SupervisedService.seconds(delay) + ".");
    if (pause(delay)) {
      return;
    }
    restarts.incrementAndGet();
    try {
      startChild();
    } catch (RuntimeException | Error e) {
      // Its obituary is due again, and the next delay is longer.
      log.atWarn().log("{}", Sentences.of(e));
    }
  }

  private void startChild() {
    tell(PartNotice.State.STARTING, "");
    isStarting = true;
    child = ChildProcess.start(command, gentleTimeout, this::onLine);
    log.atDebug()
        .addKeyValue(LogKeys.SERVICE, name())
        .addKeyValue("pid", child.pid())
        .log("The child process has started");
  }

  private void onLine(String line) {
    PartNotice.parse(line).ifPresent(listener);
  }

  private void tell(PartNotice.State state, String sentence) {
    listener.accept(new PartNotice(name(), state, sentence));
  }
}
