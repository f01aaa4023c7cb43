package io.histoflow.loadtests.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.ResidentMemory;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A headless Chromium with one page, driven over the DevTools protocol through a pair of pipes: it
 * listens on no port, and ends with this process, whose end closes the pipes.
 */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  /** The protocol goes over the descriptors 3 and 4, which Java cannot give to a child. */
  private static final List<String> SHELL =
      List.of("sh", "-c", "exec \"$@\" 3<&0 4>&1 >&2 < /dev/null", "sh");

  private static final List<String> OPTIONS =
      List.of(
          "--headless=new",
          "--remote-debugging-pipe",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage",
          "--window-size=1366,768");

  private static final long PATIENCE_SECONDS = 300;
  private static final long GENTLE_SECONDS = 10;

  private final JsonMapper json = new JsonMapper();
  private final Process process;
  private final OutputStream commands;
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final Thread reader;
  private int lastId;
  private String session;

  private Chromium(Process process) {
    this.process = process;
    this.commands = process.getOutputStream();
    this.reader = new Thread(this::read, "answers of the browser");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Returns where the browser lies.
   *
   * @throws BenchException where there is none
   */
  static Path program() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new BenchException(
                    "There is no Chromium on this machine's path, and the dashboard is measured in"
                        + " one: install Debian's chromium."));
  }

  /**
   * Starts the browser with an empty page.
   *
   * @param folder takes its profile and its log
   */
  static Chromium start(Path folder) throws IOException {
    List<String> command = new ArrayList<>(SHELL);
    command.add(program().toString());
    command.addAll(OPTIONS);
    command.add("--user-data-dir=" + folder.resolve("browser"));
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("browser.log").toFile()).start();
    Chromium browser = new Chromium(process);
    try {
      browser.attach();
    } catch (RuntimeException e) {
      browser.close();
      throw e;
    }
    return browser;
  }

  /** Sends a command to the page, and returns its result. */
  JsonNode call(String method, Map<String, ?> parameters) {
    return send(method, parameters, session);
  }

  /** Evaluates an expression in the page; of a promise, what it is kept with. */
  JsonNode evaluate(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    JsonNode failure = answer.at("/exceptionDetails");
    if (!failure.isMissingNode()) {
      throw new BenchException(
          "The page could not be measured: "
              + failure.at("/exception/description").asText(failure.path("text").asText()));
    }
    return answer.at("/result/value");
  }

  /** Returns what the page has used so far, such as {@code TaskDuration} in seconds of CPU time. */
  double metric(String name) {
    for (JsonNode metric : call("Performance.getMetrics", Map.of()).get("metrics")) {
      if (metric.get("name").asText().equals(name)) {
        return metric.get("value").asDouble();
      }
    }
    throw new BenchException("This browser has no metric " + name + ".");
  }

  /** Returns the memory in RAM of the process that draws the page. */
  long rendererBytes() {
    // The browser knows which those are; their command lines may be those of what they forked from.
    return StreamSupport.stream(
            send("SystemInfo.getProcessInfo", Map.of(), null).get("processInfo").spliterator(),
            false)
        .filter(child -> child.get("type").asText().equals("renderer"))
        .mapToLong(child -> ResidentMemory.of(child.get("id").asLong()).bytes())
        .max()
        .orElseThrow(() -> new BenchException("The process that draws the page is not there."));
  }

  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        write(request(++lastId, "Browser.close", Map.of(), null));
      }
      if (!process.waitFor(GENTLE_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
      }
      reader.join();
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void attach() {
    JsonNode targets = send("Target.getTargets", Map.of(), null).get("targetInfos");
    for (JsonNode target : targets) {
      if (target.get("type").asText().equals("page")) {
        Map<String, Object> which =
            Map.of("targetId", target.get("targetId").asText(), "flatten", true);
        session = send("Target.attachToTarget", which, null).get("sessionId").asText();
        for (String part : List.of("Page", "Runtime", "Network")) {
          call(part + ".enable", Map.of());
        }
        // CPU time of the page's thread: by the clock it would grow with whatever else runs.
        call("Performance.enable", Map.of("timeDomain", "threadTicks"));
        return;
      }
    }
    throw new BenchException("The browser started without a page.");
  }

  private synchronized JsonNode send(String method, Map<String, ?> parameters, String to) {
    int id = ++lastId;
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    try {
      write(request(id, method, parameters, to));
      JsonNode message = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (message.has("error")) {
        throw new BenchException(
            "The browser refused " + method + ": " + message.at("/error/message").asText() + ".");
      }
      return message.get("result");
    } catch (IOException | ExecutionException e) {
      throw new BenchException("The browser ended before the bench was over.", e);
    } catch (TimeoutException e) {
      throw new BenchException("The browser did not answer " + method + " in five minutes.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The bench was interrupted.");
    } finally {
      waiting.remove(id);
    }
  }

  private ObjectNode request(int id, String method, Map<String, ?> parameters, String to) {
    ObjectNode request = json.createObjectNode().put("id", id).put("method", method);
    request.set("params", json.valueToTree(parameters));
    if (to != null) {
      request.put("sessionId", to);
    }
    return request;
  }

  /** A message ends with a zero byte. */
  private void write(ObjectNode request) throws IOException {
    commands.write((request + "\0").getBytes(UTF_8));
    commands.flush();
  }

  private void read() {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    try (InputStream answers = new BufferedInputStream(process.getInputStream())) {
      for (int next = answers.read(); next >= 0; next = answers.read()) {
        if (next != 0) {
          message.write(next);
          continue;
        }
        JsonNode answer = json.readTree(message.toByteArray());
        message.reset();
        // Events have no id; nobody asks for them here.
        CompletableFuture<JsonNode> who = waiting.get(answer.path("id").asInt());
        if (who != null) {
          who.complete(answer);
        }
      }
    } catch (IOException e) {
      // Whoever waits is told below.
    }
    waiting
        .values()
        .forEach(who -> who.completeExceptionally(new IOException("The browser has ended.")));
  }
}
