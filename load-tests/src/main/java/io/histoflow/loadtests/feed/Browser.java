package io.histoflow.loadtests.feed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks the review service for what the dashboard's page asks for while nobody touches it: follows
 * the events, reads the overview anew after some of them, and fetches the thumbnails of alerts that
 * come into the part of the list that it has read.
 */
final class Browser implements AutoCloseable {
  private static final int PAGE = 50;
  // One request for all events of so long, as the page does.
  private static final long OVERVIEW_DELAY_MILLIS = 700;

  private final HttpClient http;
  private final URI dashboard;
  private final ScheduledExecutorService timer;
  private final JsonMapper json = new JsonMapper();
  private final PriorityQueue<Double> shown = new PriorityQueue<>();
  private final AtomicBoolean overviewDue = new AtomicBoolean();
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicInteger raised = new AtomicInteger();
  private final AtomicInteger resets = new AtomicInteger();
  private final AtomicInteger overviews = new AtomicInteger();
  private final AtomicInteger thumbnails = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private volatile Flow.Subscription stream;
  private volatile boolean closed;

  /**
   * @param http shared by all browsers
   * @param dashboard where the service is
   * @param timer shared by all browsers
   */
  Browser(HttpClient http, URI dashboard, ScheduledExecutorService timer) {
    this.http = http;
    this.dashboard = dashboard;
    this.timer = timer;
  }

  /**
   * What a browser has seen.
   *
   * @param events events of all kinds
   * @param raised alerts raised
   * @param resets times that it was told to read everything anew
   * @param overviews overviews read after events
   * @param thumbnails thumbnails read
   * @param failed requests that did not succeed; 1 more where the stream broke
   */
  record Seen(int events, int raised, int resets, int overviews, int thumbnails, int failed) {}

  /** Reads the list and follows the events; completes when the stream is there. */
  CompletableFuture<Void> open() throws IOException, InterruptedException {
    HttpResponse<byte[]> list =
        http.send(plain("/api/alerts?limit=" + PAGE).build(), BodyHandlers.ofByteArray());
    if (list.statusCode() != 200) {
      throw new IOException("The list of alerts was answered with " + list.statusCode() + ".");
    }
    json.readTree(list.body()).get("alerts").forEach(alert -> shown.add(score(alert)));
    var unused =
        http.sendAsync(get("/api/events"), BodyHandlers.fromLineSubscriber(new Lines()))
            .whenComplete(
                (response, failure) -> {
                  if (!closed) {
                    failed.incrementAndGet();
                  }
                  opened.completeExceptionally(
                      new IOException("The service ended the stream of events."));
                });
    return opened;
  }

  /** Returns what it has seen so far. */
  Seen seen() {
    return new Seen(
        events.get(), raised.get(), resets.get(), overviews.get(), thumbnails.get(), failed.get());
  }

  @Override
  public void close() {
    closed = true;
    if (stream != null) {
      stream.cancel();
    }
  }

  private HttpRequest.Builder plain(String path) {
    return HttpRequest.newBuilder(dashboard.resolve(path));
  }

  /** As browsers ask. */
  private HttpRequest get(String path) {
    return plain(path).header("Accept-Encoding", "gzip").build();
  }

  private void on(String name, String data) {
    events.incrementAndGet();
    if (name.equals("reset")) {
      resets.incrementAndGet();
    }
    if (name.equals("alert-raised")) {
      raised.incrementAndGet();
      show(data);
    }
    if (overviewDue.compareAndSet(false, true)) {
      var unused = timer.schedule(this::readOverview, OVERVIEW_DELAY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void show(String data) {
    try {
      JsonNode alert = json.readTree(data);
      double score = score(alert);
      if (shown.size() >= PAGE && score <= shown.peek()) {
        return;
      }
      shown.add(score);
      if (shown.size() > PAGE) {
        shown.poll();
      }
      fetch(alert.at("/links/thumbnail").asText(), thumbnails);
    } catch (IOException e) {
      failed.incrementAndGet();
    }
  }

  private static double score(JsonNode alert) {
    return alert.get("score").asDouble();
  }

  private void readOverview() {
    overviewDue.set(false);
    if (!closed) {
      fetch("/api/overview", overviews);
    }
  }

  private void fetch(String path, AtomicInteger count) {
    var unused =
        http.sendAsync(get(path), BodyHandlers.discarding())
            .whenComplete(
                (response, failure) -> {
                  boolean read = failure == null && response.statusCode() == 200;
                  (read ? count : failed).incrementAndGet();
                });
  }

  /** The stream's lines; one thread at a time. */
  private final class Lines implements Flow.Subscriber<String> {
    private String name = "";

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      stream = subscription;
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      // The service's first line says how long to wait before the next connection.
      opened.complete(null);
      if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("data: ")) {
        on(name, line.substring("data: ".length()));
      }
    }

    @Override
    public void onError(Throwable failure) {
      // The response's future says so, too.
    }

    @Override
    public void onComplete() {
      // The response's future says so, too.
    }
  }
}
