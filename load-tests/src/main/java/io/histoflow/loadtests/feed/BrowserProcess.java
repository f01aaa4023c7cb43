package io.histoflow.loadtests.feed;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.histoflow.loadtests.measuring.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of the {@link Browsers}. Not safe for several threads. */
final class BrowserProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final JsonMapper json = new JsonMapper();
  private final Path log;
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  /**
   * Starts it, without open browsers.
   *
   * @param log takes what it says of failures
   */
  BrowserProcess(URI dashboard, int clients, Path log) throws IOException {
    this.log = log;
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=en",
                "-Dfile.encoding=UTF-8",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Browsers.class.getName(),
                dashboard.toString(),
                Integer.toString(clients))
            .redirectError(log.toFile())
            .start();
    in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Opens all browsers and returns when their streams of events are there. */
  void open() {
    tell("open");
  }

  /** Returns what each open browser has seen. */
  List<Browser.Seen> count() {
    return tell("count");
  }

  /** Closes all browsers. */
  void closeBrowsers() {
    tell("close");
  }

  /** The operating system's process. */
  ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public void close() {
    try {
      in.close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private List<Browser.Seen> tell(String word) {
    try {
      in.write(word + "\n");
      in.flush();
      String answer = out.readLine();
      if (answer == null) {
        throw new BenchException(
            "The browsers' process has ended and said: " + Files.readString(log).strip());
      }
      return json.readValue(answer, new TypeReference<List<Browser.Seen>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException("The browsers' process does not answer.", e);
    }
  }
}
