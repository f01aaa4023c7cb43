package io.histoflow.loadtests.feed;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Many browsers in a process of their own, so that what they cost themselves is counted apart. Does
 * what single words on its input say and answers each with a line: {@code open}, {@code count} and
 * {@code close}, which both answer what each browser has seen, in JSON.
 */
final class Browsers implements AutoCloseable {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "overviews");
            thread.setDaemon(true);
            return thread;
          });
  private final URI dashboard;
  private final int count;
  private final List<Browser> open = new ArrayList<>();

  private Browsers(URI dashboard, int count) {
    this.dashboard = dashboard;
    this.count = count;
  }

  /**
   * Runs until its input ends.
   *
   * @param arguments the dashboard's address and the number of browsers
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    JsonMapper json = new JsonMapper();
    try (Browsers browsers =
        new Browsers(URI.create(arguments[0]), Integer.parseInt(arguments[1]))) {
      for (String word = in.readLine(); word != null; word = in.readLine()) {
        if (word.equals("open")) {
          browsers.open();
        }
        out.println(json.writeValueAsString(browsers.seen()));
        if (word.equals("close")) {
          browsers.leave();
        }
      }
    }
  }

  private void open() throws IOException, InterruptedException {
    List<CompletableFuture<Void>> opening = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Browser browser = new Browser(http, dashboard, timer);
      open.add(browser);
      opening.add(browser.open());
    }
    opening.forEach(CompletableFuture::join);
  }

  private List<Browser.Seen> seen() {
    return open.stream().map(Browser::seen).toList();
  }

  private void leave() {
    open.forEach(Browser::close);
    open.clear();
  }

  @Override
  public void close() {
    leave();
    timer.shutdownNow();
  }
}
