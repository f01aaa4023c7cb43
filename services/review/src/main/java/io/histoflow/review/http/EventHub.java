package io.histoflow.review.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.review.claims.ClaimBook;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertListener;
import io.histoflow.schemas.TileClaim;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Hands changes to everybody who follows them. It never waits for a slow reader: one that falls far
 * behind is told to read the list anew. Of the overview, which may change with every tile, readers
 * are told at most twice a second. Safe for use by several threads.
 */
public final class EventHub implements AlertListener, ClaimBook.Listener, AutoCloseable {
  private static final int MOST_WAITING = 1_000;
  private static final long OVERVIEW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final int mostSubscribers;
  private final InstantSource clock;
  private final ObjectMapper json = new ObjectMapper();
  private final List<Subscription> subscribers = new CopyOnWriteArrayList<>();
  private final AtomicLong changes = new AtomicLong();
  private final AtomicBoolean overviewDue = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, EventHub::thread, new ThreadPoolExecutor.DiscardPolicy());
  private volatile long overviewTold = System.nanoTime() - OVERVIEW_NANOS;
  private volatile boolean closed;

  /**
   * Begins without subscribers.
   *
   * @param mostSubscribers most that there are at a time, 1 or more
   * @param clock tells how long claims last yet
   */
  public EventHub(int mostSubscribers, InstantSource clock) {
    this.mostSubscribers = mostSubscribers;
    this.clock = clock;
  }

  @Override
  public void raised(Alert alert) {
    changes.incrementAndGet();
    if (!subscribers.isEmpty()) {
      publish(new Event("alert-raised", text(AlertJson.of(alert)), alert.firstReader()));
    }
  }

  @Override
  public void closed(String tileId) {
    changes.incrementAndGet();
    if (!subscribers.isEmpty()) {
      publish(new Event("alert-closed", text(Map.of("tileId", tileId))));
    }
  }

  @Override
  public void claimed(TileClaim claim) {
    if (!subscribers.isEmpty()) {
      publish(new Event("tile-claimed", text(ClaimJson.of(claim, clock.instant()))));
    }
  }

  @Override
  public void released(String tileId) {
    if (!subscribers.isEmpty()) {
      publish(new Event("tile-released", text(Map.of("tileId", tileId))));
    }
  }

  /** Tells that the overview has changed: at once, or half a second after it was last told. */
  public void overviewChanged() {
    changes.incrementAndGet();
    if (overviewDue.compareAndSet(false, true)) {
      long wait = overviewTold + OVERVIEW_NANOS - System.nanoTime();
      if (wait <= 0) {
        tellOverview();
      } else {
        var unused = timer.schedule(this::tellOverview, wait, TimeUnit.NANOSECONDS);
      }
    }
  }

  /** Returns a number that is another one after every change. */
  long changes() {
    return changes.get();
  }

  private void tellOverview() {
    overviewTold = System.nanoTime();
    overviewDue.set(false);
    publish(Event.OVERVIEW);
  }

  /** Ends every subscription; there are none afterwards. */
  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    subscribers.forEach(subscriber -> subscriber.offer(Event.END));
  }

  /**
   * Subscribes to what happens from now on. Where there are too many subscriptions, the oldest of
   * the client that has most is replaced: nobody keeps others out by opening many.
   *
   * @param client who subscribes
   * @return the subscription; empty where as many others have one each
   */
  synchronized Optional<Subscription> subscribe(String client) {
    if (closed || (subscribers.size() >= mostSubscribers && !replaceFor(client))) {
      return Optional.empty();
    }
    Subscription subscription = new Subscription(client);
    subscribers.add(subscription);
    return Optional.of(subscription);
  }

  private boolean replaceFor(String client) {
    Map<String, Long> held =
        subscribers.stream()
            .collect(
                Collectors.groupingBy(s -> s.client, LinkedHashMap::new, Collectors.counting()));
    long own = held.getOrDefault(client, 0L);
    String most = held.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    String gives = held.get(most) > own + 1 ? most : client;
    Optional<Subscription> oldest =
        subscribers.stream().filter(s -> s.client.equals(gives)).findFirst();
    oldest.ifPresent(
        subscription -> {
          subscribers.remove(subscription);
          subscription.offer(Event.REPLACED);
        });
    return oldest.isPresent();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "review-events");
    thread.setDaemon(true);
    return thread;
  }

  private void publish(Event event) {
    subscribers.forEach(subscriber -> subscriber.offer(event));
  }

  private String text(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event cannot be written as JSON", e);
    }
  }

  /** What one reader has yet to read. */
  final class Subscription implements AutoCloseable {
    private final String client;
    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MOST_WAITING);

    private Subscription(String client) {
      this.client = client;
    }

    private synchronized void offer(Event event) {
      // Many changes of the overview are one to the reader.
      if (event.equals(Event.OVERVIEW) && waiting.contains(Event.OVERVIEW)) {
        return;
      }
      boolean isLast = event.equals(Event.END) || event.equals(Event.REPLACED);
      if (isLast || !waiting.offer(event)) {
        waiting.clear();
        waiting.add(isLast ? event : Event.RESET);
      }
    }

    /** Waits for the next event; empty where none came in time. */
    Optional<Event> next(long seconds) throws InterruptedException {
      return Optional.ofNullable(waiting.poll(seconds, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
      subscribers.remove(this);
    }
  }
}
