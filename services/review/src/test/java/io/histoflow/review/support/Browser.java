package io.histoflow.review.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.interactions.PointerInput;
import org.openqa.selenium.interactions.Sequence;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.Select;

/** Debian's Chromium, driven as a reviewer would use it. Nothing is downloaded. */
public final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private static final String AXE = axe();

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * Starts the browser, or skips the test where there is none.
   *
   * @param profile folder for its profile
   */
  public static Browser start(Path profile) {
    Assumptions.assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
        "Skipped: there is no browser; install Debian's chromium and chromium-driver");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toString());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        // What still fades in counts as not there.
        "--force-prefers-reduced-motion",
        "--window-size=1366,768",
        "--user-data-dir=" + profile);
    options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(DRIVER.toString()))
            .usingAnyFreePort()
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  /** Opens the page and chooses an organ, whose alerts must be open. */
  public void openOrgan(int port, String organ) {
    open(port);
    choose(organ);
  }

  /** Chooses an organ, whose alerts must be open. */
  public void choose(String organ) {
    await().until(() -> organs().contains(organ));
    // The list of organs may be renewed between finding an organ and choosing it.
    await()
        .ignoreException(StaleElementReferenceException.class)
        .untilAsserted(() -> new Select(find("#organ-filter")).selectByValue(organ));
  }

  /** Opens the page. */
  public void open(int port) {
    open(port, "");
  }

  /** Opens what lies under a path. */
  public void open(int port, String path) {
    driver.get("http://127.0.0.1:" + port + "/" + path);
  }

  /** Returns the organs that can be chosen. */
  public List<String> organs() {
    return texts("[...document.querySelectorAll('#organ-filter option')].map(o => o.value)");
  }

  /** Returns the tiles in the queue from top to bottom. */
  public List<String> queue() {
    return texts("[...document.querySelectorAll('#alerts .alert')].map(a => a.dataset.tileId)");
  }

  /** Waits until the image of a tile is on show. */
  public void awaitTile(String tileId) {
    await()
        .untilAsserted(
            () -> {
              assertThat(text("#tile-id")).isEqualTo(tileId);
              assertThat(isShown("#message")).isFalse();
            });
  }

  /**
   * Gives the window a size in CSS pixels, dark colours and a mouse.
   *
   * @param width width of the page
   * @param height height of the page
   */
  public void window(int width, int height) {
    window(width, height, false, Map.of());
  }

  /**
   * Gives the window a size in CSS pixels.
   *
   * @param touch whether it is touched, and not pointed at with a mouse
   * @param features media features by name, such as {@code prefers-color-scheme}
   */
  public void window(int width, int height, boolean touch, Map<String, String> features) {
    cdp(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", touch));
    cdp("Emulation.setTouchEmulationEnabled", Map.of("enabled", touch, "maxTouchPoints", 5));
    Map<String, String> all = new TreeMap<>(features);
    all.putIfAbsent("prefers-color-scheme", "dark");
    all.putIfAbsent("forced-colors", "none");
    cdp(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            all.entrySet().stream()
                .map(entry -> Map.of("name", entry.getKey(), "value", entry.getValue()))
                .toList()));
  }

  /**
   * Touches the tile with fingers, moves them, and takes them off.
   *
   * @param moves for each moment, from the first on, {x, y} of each finger in screen pixels from
   *     the canvas's middle
   */
  public void touch(List<int[][]> moves) {
    List<?> middle =
        (List<?>)
            driver.executeScript(
                "const b = document.querySelector('#canvas').getBoundingClientRect();"
                    + "return [b.x + b.width / 2, b.y + b.height / 2]");
    double x = ((Number) middle.get(0)).doubleValue();
    double y = ((Number) middle.get(1)).doubleValue();
    int down = 0;
    for (int[][] fingers : moves) {
      List<Map<String, Object>> points = new ArrayList<>();
      for (int i = 0; i < fingers.length; i++) {
        points.add(Map.of("x", x + fingers[i][0], "y", y + fingers[i][1], "id", i));
      }
      cdp(
          "Input.dispatchTouchEvent",
          Map.of("type", points.size() > down ? "touchStart" : "touchMove", "touchPoints", points));
      down = points.size();
    }
    cdp("Input.dispatchTouchEvent", Map.of("type", "touchEnd", "touchPoints", List.of()));
  }

  /** Runs a script in the page; it returns what it returns. */
  public Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Moves the pointer over an element. */
  public void pointAt(String selector) {
    new Actions(driver).moveToElement(find(selector)).perform();
  }

  /** Returns which window is driven. */
  public String window() {
    return driver.getWindowHandle();
  }

  /** Opens a further window, and drives it. */
  public void newWindow() {
    var unused = driver.switchTo().newWindow(WindowType.WINDOW);
    window(1366, 768);
  }

  /** Drives another window. */
  public void switchTo(String window) {
    var unused = driver.switchTo().window(window);
  }

  /** Closes all windows but one, and drives that. */
  public void closeAllBut(String window) {
    for (String other : driver.getWindowHandles()) {
      switchTo(other);
      if (!other.equals(window)) {
        driver.close();
      }
    }
    switchTo(window);
  }

  /** Loads the page again, as a person would. */
  public void reload() {
    driver.navigate().refresh();
  }

  /** Sets who reviews. */
  public void reviewer(String name) {
    WebElement field = find("#reviewer");
    field.clear();
    field.sendKeys(name);
    driver.executeScript("document.activeElement.blur()");
  }

  /** Presses keys with nothing in particular in focus. */
  public void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Presses a key while others are held. */
  public void pressWith(List<Keys> held, CharSequence key) {
    Actions actions = new Actions(driver);
    held.forEach(actions::keyDown);
    actions.sendKeys(key);
    held.forEach(actions::keyUp);
    actions.perform();
  }

  /** Draws a line on the tile, between offsets in screen pixels from its middle. */
  public void draw(int fromX, int fromY, int toX, int toY) {
    WebElement canvas = find("#canvas");
    new Actions(driver)
        .moveToElement(canvas, fromX, fromY)
        .clickAndHold()
        .moveToElement(canvas, toX, toY)
        .release()
        .perform();
  }

  /**
   * Draws over the tile with a mouse button held.
   *
   * @param places {x, y} of each place on the way, in screen pixels from the canvas's middle
   */
  public void draw(PointerInput.MouseButton button, int[]... places) {
    PointerInput mouse = new PointerInput(PointerInput.Kind.MOUSE, "mouse");
    PointerInput.Origin canvas = PointerInput.Origin.fromElement(find("#canvas"));
    Sequence way = new Sequence(mouse, 0);
    for (int i = 0; i < places.length; i++) {
      way.addAction(
          mouse.createPointerMove(Duration.ofMillis(20), canvas, places[i][0], places[i][1]));
      if (i == 0) {
        way.addAction(mouse.createPointerDown(button.asArg()));
      }
    }
    way.addAction(mouse.createPointerUp(button.asArg()));
    driver.perform(List.of(way));
  }

  /** Points at a place of the tile, in screen pixels from the canvas's middle. */
  public void pointAt(int x, int y) {
    new Actions(driver).moveToElement(find("#canvas"), x, y).perform();
  }

  /** Holds a key down until it is let go. */
  public void hold(CharSequence key) {
    new Actions(driver).keyDown(key).perform();
  }

  /** Lets a key go. */
  public void letGo(CharSequence key) {
    new Actions(driver).keyUp(key).perform();
  }

  public void click(String selector) {
    find(selector).click();
  }

  public String text(String selector) {
    return fresh(() -> find(selector).getText());
  }

  public String attribute(String selector, String name) {
    return fresh(() -> find(selector).getDomAttribute(name));
  }

  /** Returns where an element begins, in screen pixels from the left. */
  public int left(String selector) {
    return find(selector).getRect().getX();
  }

  public boolean isShown(String selector) {
    try {
      return find(selector).isDisplayed();
    } catch (NoSuchElementException e) {
      return false;
    }
  }

  public boolean isEnabled(String selector) {
    return find(selector).isEnabled();
  }

  public void type(String selector, String text) {
    find(selector).sendKeys(text);
  }

  /** Returns how many elements a selector finds. */
  public int count(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  /**
   * Takes a slide's outlines out as GeoJSON on its page, adds a nucleus, and takes them in again.
   *
   * @param folder takes the file
   */
  public void bringOutlinesBackChanged(String slideId, Path folder) throws IOException {
    String link = "a[href='/api/slides/" + slideId + "/export?format=geojson']";
    await().until(() -> isShown(link));
    String outlines =
        (String)
            script(
                "return fetch(document.querySelector(arguments[0]).href)"
                    + ".then((answer) => answer.text())",
                link);
    Path changed = folder.resolve("changed.geojson");
    Files.writeString(changed, outlines.replaceFirst("\\[\\s*\\{", "[" + Drawings.NUCLEUS + ",{"));
    type("#drawn-file", changed.toString());
  }

  public String title() {
    return driver.getTitle();
  }

  /**
   * Returns errors of scripts and breaches of the page's policy since the last call. A picture that
   * cannot be loaded is neither: tests share the topics, and some tiles are broken on purpose.
   */
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .filter(message -> !message.contains("Failed to load resource"))
        .toList();
  }

  /**
   * Looks for faults of accessibility (WCAG 2.2 AA) in what is on show.
   *
   * @return what is wrong and where, a line each
   */
  public List<String> accessibilityFaults() {
    driver.executeScript(AXE);
    return ((List<?>)
            driver.executeAsyncScript(
                """
                const done = arguments[arguments.length - 1];
                const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
                axe.run(document, { runOnly: tags }).then(
                  ({ violations }) => done(violations.flatMap(({ id, help, nodes }) =>
                    nodes.map(({ target, any }) => [`${id}: ${help}: ${target}`, ...any.map(({ message, relatedNodes }) =>
                      `${message} (${relatedNodes.map((node) => node.target).join(' ')})`)].join(' ')))),
                  (error) => done([String(error)]));
                """))
        .stream().map(String.class::cast).toList();
  }

  /** Returns the path that the address bar shows, in URL encoding. */
  public String path() {
    return URI.create(driver.getCurrentUrl()).getRawPath();
  }

  /** Goes back or forward, as the browser's buttons do. */
  public void goBack() {
    driver.navigate().back();
  }

  /** Goes forward again. */
  public void goForward() {
    driver.navigate().forward();
  }

  private static String axe() {
    try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets the reviewer's name and everything else that the page keeps. */
  public void forget() {
    driver.executeAsyncScript(
        """
        const done = arguments[0];
        localStorage.clear();
        const request = indexedDB.deleteDatabase('histoflow');
        request.onsuccess = () => done();
        request.onerror = () => done();
        """);
    driver.manage().deleteAllCookies();
    var unused = complaints();
  }

  @Override
  public void close() {
    driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(5));
    driver.quit();
  }

  private void cdp(String command, Map<String, Object> parameters) {
    var unused = driver.executeCdpCommand(command, parameters);
  }

  /** One script sees the page at one moment; element by element it may change meanwhile. */
  private List<String> texts(String expression) {
    return ((List<?>) driver.executeScript("return " + expression))
        .stream().map(String.class::cast).toList();
  }

  /** The page may put another element in the place of one that was found a moment ago. */
  private static String fresh(Supplier<String> reading) {
    while (true) {
      try {
        return reading.get();
      } catch (StaleElementReferenceException e) {
        // Found again.
      }
    }
  }

  private WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }
}
