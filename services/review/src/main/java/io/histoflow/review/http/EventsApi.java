package io.histoflow.review.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Follows the queue as server-sent events; each reader keeps one thread. */
final class EventsApi {
  /** Where events are told. */
  static final String PATH = "/api/events";

  // That a reader has gone shows when something is written to it: its place is free soon after.
  private static final int HEARTBEAT_SECONDS = 2;
  private static final String HEARTBEAT = ":\n\n";

  private final EventHub hub;
  private final Reviewers reviewers;

  EventsApi(EventHub hub, Reviewers reviewers) {
    this.hub = hub;
    this.reviewers = reviewers;
  }

  void addTo(RoutesConfig routes) {
    routes.get(PATH, this::follow);
  }

  private void follow(Context ctx) {
    try (EventHub.Subscription subscription =
        hub.subscribe(reviewers.client(ctx))
            .orElseThrow(
                () ->
                    new ApiException(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "Too many readers follow the queue: close a window or try again later."))) {
      ctx.disableCompression();
      ctx.res().setContentType("text/event-stream");
      ctx.res().setCharacterEncoding("UTF-8");
      OutputStream out = ctx.res().getOutputStream();
      write(out, "retry: 2000\n\n");
      while (reviewers.stillSignedIn(ctx)) {
        Optional<Event> event = subscription.next(HEARTBEAT_SECONDS);
        if (event.filter(Event.END::equals).isPresent()) {
          return;
        }
        write(
            out,
            event
                .filter(told -> told.isFor(reviewers.user(ctx)))
                .map(Event::text)
                .orElse(HEARTBEAT));
        if (event.filter(Event.REPLACED::equals).isPresent()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The reader has gone, as every reader does one day.
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
