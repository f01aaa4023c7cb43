package io.histoflow.loadtests.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.loadtests.measuring.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** The dashboard as a reader has it open: what is pressed, drawn and scrolled, and what is seen. */
final class ReaderPage {
  /** Milliseconds and bits a second of the line that readers at home have. */
  static final int SLOW_LATENCY_MILLIS = 100;

  static final int SLOW_BITS_PER_SECOND = 4_000_000;

  private static final int SHIFT = 8;
  private static final int BITS_PER_BYTE = 8;
  private static final int SCROLL_PIXELS_PER_SECOND = 3000;

  private final Chromium browser;
  private final String address;

  /**
   * @param address of the service, without a slash at its end
   */
  ReaderPage(Chromium browser, String address) {
    this.browser = browser;
    this.address = address;
    browser.call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", probe()));
  }

  /** Opens a path of the dashboard, and waits until a tile is on show. */
  void open(String path) {
    browser.call("Page.navigate", Map.of("url", address + path));
    Waiting.until("a tile on the page", () -> browser.evaluate("bench.isShown()").asBoolean());
  }

  /** Waits until a tile is on show. */
  void awaitTile(String tileId) {
    String shows = "bench.isShown() && bench.tileId() === '" + tileId + "'";
    Waiting.until("the tile " + tileId, () -> browser.evaluate(shows).asBoolean());
  }

  /** Puts the page behind a slow line, or behind none. */
  void line(boolean slow) {
    double bytes = slow ? SLOW_BITS_PER_SECOND / (double) BITS_PER_BYTE : -1;
    browser.call(
        "Network.emulateNetworkConditions",
        Map.of(
            "offline",
            false,
            "latency",
            slow ? SLOW_LATENCY_MILLIS : 0,
            "downloadThroughput",
            bytes,
            "uploadThroughput",
            bytes));
  }

  /**
   * Presses a key after which another tile is to be painted.
   *
   * @param letter which, with Shift where it is upper case
   * @return milliseconds from the key's event to the end of the frame that shows the tile
   */
  double pressUntilPainted(char letter) {
    browser.evaluate("bench.arm()");
    press(letter);
    JsonNode painted = browser.evaluate("bench.painted");
    return painted.asDouble();
  }

  /** Presses a key. */
  void press(char letter) {
    Map<String, Object> key = new HashMap<>();
    char upper = Character.toUpperCase(letter);
    key.put("key", String.valueOf(letter));
    key.put("code", "Key" + upper);
    key.put("windowsVirtualKeyCode", (int) upper);
    key.put("modifiers", Character.isUpperCase(letter) ? SHIFT : 0);
    key.put("text", String.valueOf(letter));
    key.put("type", "keyDown");
    browser.call("Input.dispatchKeyEvent", key);
    key.remove("text");
    key.put("type", "keyUp");
    browser.call("Input.dispatchKeyEvent", key);
  }

  /**
   * Draws a stroke over the middle of the tile, frame by frame.
   *
   * @param steps how often the pointer moves
   */
  void draw(int steps) {
    JsonNode middle = browser.evaluate("bench.middle()");
    double x = middle.get("x").asDouble();
    double y = middle.get("y").asDouble();
    double reach = middle.get("reach").asDouble();
    mouse("mousePressed", x - reach, y, 1);
    for (int i = 1; i <= steps; i++) {
      double share = i / (double) steps;
      mouse(
          "mouseMoved",
          x - reach + 2 * reach * share,
          y + reach * Math.sin(6 * Math.PI * share),
          1);
      browser.evaluate("bench.frame()");
    }
    mouse("mouseReleased", x + reach, y, 0);
  }

  /** Begins to note what every frame takes and shows. */
  void watch() {
    browser.evaluate("bench.watch()");
  }

  /** Ends it: {@code {frameMillis, moves, farthest, longTasks, strokeMillis}}. */
  JsonNode watched() {
    return browser.evaluate("bench.watched()");
  }

  /** Scrolls the list by so many pixels, as a wheel would. */
  void scroll(int pixels) {
    JsonNode list = browser.evaluate("bench.list()");
    browser.call(
        "Input.synthesizeScrollGesture",
        Map.of(
            "x",
            list.get("x").asDouble(),
            "y",
            list.get("y").asDouble(),
            "yDistance",
            -pixels,
            "speed",
            SCROLL_PIXELS_PER_SECOND,
            "gestureSourceType",
            "mouse"));
  }

  /** Puts the list where so many pixels are above. */
  void scrollTo(int pixels) {
    browser.evaluate("bench.scrollTo(" + pixels + ")");
  }

  /** Reads the list to its end; returns how many rows it has then. */
  int readAll() {
    return browser.evaluate("bench.readAll()").asInt();
  }

  /** Returns how many alerts the page says are open. */
  int open() {
    return browser.evaluate("bench.open()").asInt();
  }

  /** Returns how many alerts the page says came above what is looked at. */
  int newAbove() {
    return browser.evaluate("bench.newAbove()").asInt();
  }

  /** Returns what the page's thread has worked so far, milliseconds. */
  double workedMillis() {
    return 1000 * browser.metric("TaskDuration");
  }

  /** Returns the live bytes of the page's scripts, and those in RAM of the process that draws. */
  Memory memory() {
    // What the first collection makes unreachable the second one takes.
    browser.call("HeapProfiler.collectGarbage", Map.of());
    browser.call("HeapProfiler.collectGarbage", Map.of());
    return new Memory((long) browser.metric("JSHeapUsedSize"), browser.rendererBytes());
  }

  /**
   * Memory of the page.
   *
   * @param heapBytes live objects of its scripts
   * @param rendererBytes the process that draws it, in RAM
   */
  record Memory(long heapBytes, long rendererBytes) {}

  private void mouse(String type, double x, double y, int buttons) {
    browser.call(
        "Input.dispatchMouseEvent",
        Map.of(
            "type", type, "x", x, "y", y, "button", "left", "buttons", buttons, "clickCount", 1));
  }

  private static String probe() {
    try (InputStream in = ReaderPage.class.getResourceAsStream("probe.js")) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
