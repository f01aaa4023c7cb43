package io.histoflow.platform.lifecycle;

import io.histoflow.platform.config.ConfigException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a service of this process running: makes and starts it, makes it anew when it fails, and
 * closes it when closed itself. It never gives up: only closing ends it.
 *
 * <p>{@link #start} returns at once; the notices say when the service runs.
 */
public final class SupervisedService extends LoopService {
  private static final Logger log = LoggerFactory.getLogger(SupervisedService.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofMinutes(1);
  private static final long CHECK_MILLIS = 250;

  private final String part;
  private final Supplier<? extends Service> maker;
  private final RestartPolicy policy;
  private final Consumer<PartNotice> listener;
  private final Backoff backoff;
  private final AtomicLong restarts = new AtomicLong();
  private volatile Service service;

  /**
   * Prepares the service without making it.
   *
   * @param part what notices call it
   * @param maker makes it; called again for each new life
   * @param policy when it is started again
   * @param listener hears what becomes of it, on this supervisor's thread
   */
  public SupervisedService(
      String part,
      Supplier<? extends Service> maker,
      RestartPolicy policy,
      Consumer<PartNotice> listener) {
    super("supervisor of " + part, CLOSE_TIMEOUT);
    this.part = part;
    this.maker = maker;
    this.policy = policy;
    this.listener = listener;
    this.backoff = new Backoff(policy, InstantSource.system());
  }

  /** Returns how often the service was made anew. */
  public long restarts() {
    return restarts.get();
  }

  @Override
  public Optional<String> trouble() {
    Service present = service;
    return present == null
        ? Optional.of("it is about to be started again")
        : present.state() == ServiceState.RUNNING
            ? present.trouble()
            : Optional.of("it is " + present.state());
  }

  @Override
  protected void runOnce() throws InterruptedException {
    try {
      Service present = service;
      if (present == null) {
        startService();
      } else if (present.state().isFinal()) {
        throw present
            .failure()
            .orElseGet(() -> new ServiceException("The service " + part + " ended by itself."));
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      if (isRunning()) {
        startAgainLater(e);
      }
      return;
    }
    Thread.sleep(CHECK_MILLIS);
  }

  @Override
  protected void wakeUp() {
    close(service);
  }

  @Override
  protected void onStop() {
    closeService();
  }

  private void startService() {
    listener.accept(new PartNotice(part, PartNotice.State.STARTING, ""));
    Service fresh = maker.get();
    service = fresh;
    if (isClosing()) {
      return;
    }
    fresh.start();
    if (fresh.state() == ServiceState.RUNNING) {
      listener.accept(new PartNotice(part, PartNotice.State.RUNNING, ""));
    }
  }

  private void startAgainLater(Throwable why) throws InterruptedException {
    boolean refused = Causes.areAny(why, ConfigException.class);
    Duration counted = backoff.afterFailure();
    Duration delay = refused ? policy.maxDelay() : counted;
    log.atDebug().setCause(why).log("The service {} has failed", part);
    listener.accept(
        new PartNotice(
            part,
            refused ? PartNotice.State.REFUSED : PartNotice.State.DOWN,
            Sentences.of(why) + " (started again in " + seconds(delay) + ")"));
    closeService();
    if (!pause(delay)) {
      restarts.incrementAndGet();
    }
  }

  private void closeService() {
    Service last = service;
    service = null;
    close(last);
  }

  /** One that does not close cleanly has no say in whether the next one starts. */
  private void close(Service last) {
    if (last != null) {
      try {
        last.close();
      } catch (RuntimeException | Error e) {
        log.atWarn().setCause(e).log("The service {} did not close cleanly", part);
      }
    }
  }

  static String seconds(Duration delay) {
    long millis = delay.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
  }
}
