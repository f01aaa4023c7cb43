package io.histoflow.platform.embedded;

import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildService;
import io.histoflow.platform.lifecycle.PartNotice;
import io.histoflow.platform.lifecycle.RestartPolicy;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.lifecycle.WatchedMain;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * A schema registry with Confluent's API as a child process on a loopback port: Apicurio Registry
 * with its file database in the data directory. It ends with this process, however that ends.
 */
final class EmbeddedRegistry implements AutoCloseable {
  private static final String NAME = "schema registry";

  /** The registry's loaded classes, kept by the script histoflow: with them it starts faster. */
  private static final String ARCHIVE = "classes.jsa";

  private static final String MARK_HEADER = "X-Histoflow-Instance";
  private static final String LOG_FILE = "registry.log";
  private static final String API = "/apis/ccompat/v7";
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int ATTEMPTS = 3;

  private final ChildService process;
  private final int port;

  private EmbeddedRegistry(ChildService process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts the registry and returns when it answers.
   *
   * @param home where it is unpacked
   * @param directory where its database and its log lie
   * @param ports proposes the port for clients, and another when that is taken meanwhile
   * @param listener hears when it dies and when it answers again
   * @throws ServiceException when it cannot start
   */
  static EmbeddedRegistry start(
      Path home, Path directory, IntSupplier ports, Consumer<PartNotice> listener) {
    Path program = program(home);
    // What happens until it answers for the first time is told by an exception.
    AtomicBoolean runs = new AtomicBoolean();
    Consumer<PartNotice> notices =
        notice -> {
          if (runs.get()) {
            listener.accept(notice);
          }
        };
    for (int attempt = 1; ; attempt++) {
      int port = ports.getAsInt();
      String mark = UUID.randomUUID().toString();
      ChildService process =
          new ChildService(
              command(program, directory, port, mark),
              CLOSE_TIMEOUT,
              RestartPolicy.DEFAULT,
              notices,
              () -> answers(port, mark));
      process.start();
      if (awaitReady(process, port, mark)) {
        runs.set(true);
        listener.accept(new PartNotice(NAME, PartNotice.State.RUNNING, ""));
        return new EmbeddedRegistry(process, port);
      }
      List<String> lastWords = lastWords(process);
      process.close();
      if (attempt == ATTEMPTS || lastWords.stream().noneMatch(EmbeddedRegistry::isPortTaken)) {
        throw new ServiceException(
            "The embedded schema registry did not start; its log %s ends with: %s"
                .formatted(directory.resolve(LOG_FILE), String.join(" | ", lastWords)));
      }
    }
  }

  /** Returns the address for {@code schema.registry.url}. */
  String url() {
    return "http://" + LoopbackPorts.HOST + ":" + port + API;
  }

  /** Returns the port that clients use. */
  int port() {
    return port;
  }

  /** Returns the child's process id, empty while it is being started again. */
  OptionalLong pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
  }

  private static ChildCommand command(Path program, Path directory, int port, String mark) {
    List<String> options =
        List.of(
            // Where it lacks or was made by another Java, classes are loaded from the jars.
            "-XX:SharedArchiveFile=" + program.resolveSibling(ARCHIVE),
            "-Xlog:cds=off",
            "-Xlog:cds+dynamic=off",
            "-Xmx96m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            // It is started again then.
            "-XX:+ExitOnOutOfMemoryError",
            "-Dquarkus.banner.enabled=false",
            "-Dquarkus.http.header.\"" + MARK_HEADER + "\".value=" + mark,
            "-Dquarkus.datasource.jdbc.initial-size=1",
            "-Dquarkus.datasource.jdbc.min-size=1",
            "-Dquarkus.datasource.jdbc.max-size=8");
    // Without WRITE_DELAY=0 a kill loses schema ids that were handed out already.
    Map<String, String> environment =
        Map.of(
            "QUARKUS_HTTP_HOST",
            LoopbackPorts.HOST,
            "HTTP_PORT",
            Integer.toString(port),
            "REGISTRY_DATASOURCE_URL",
            "jdbc:h2:file:" + directory.resolve("registry").toAbsolutePath() + ";WRITE_DELAY=0",
            "LOG_LEVEL",
            "WARN",
            "REGISTRY_LOG_LEVEL",
            "WARN",
            "MALLOC_ARENA_MAX",
            "1");
    return ChildCommand.java(
            NAME,
            options,
            program + File.pathSeparator + ownCode(),
            WatchedMain.class.getName(),
            List.of("io.quarkus.runner.GeneratedMain"),
            directory.resolve(LOG_FILE))
        .withEnvironment(environment);
  }

  /**
   * Returns where the registry is unpacked.
   *
   * @throws ServiceException when {@link EmbeddedPlatform#REGISTRY_HOME} does not say so
   */
  static Path home() {
    String home = System.getProperty(EmbeddedPlatform.REGISTRY_HOME, "");
    if (home.isBlank()) {
      throw new ServiceException(
          ("The system property %s is not set: it names the folder of the schema registry, which the"
                  + " build unpacks to libraries/platform/target/registry.")
              .formatted(EmbeddedPlatform.REGISTRY_HOME));
    }
    return Path.of(home);
  }

  private static Path program(Path home) {
    try (Stream<Path> files = Files.list(home)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-runner.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("no *-runner.jar in it"));
    } catch (IOException e) {
      throw new ServiceException(
          ("There is no schema registry in %s:"
                  + " build libraries/platform, which unpacks it there, or set %s.")
              .formatted(home, EmbeddedPlatform.REGISTRY_HOME),
          e);
    }
  }

  private static Path ownCode() {
    try {
      return Path.of(WatchedMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns false when the child dies or the time is up. */
  private static boolean awaitReady(ChildService process, int port, String mark) {
    long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
    try {
      while (System.nanoTime() < deadline && process.pid().isPresent() && process.restarts() == 0) {
        if (answers(port, mark)) {
          return true;
        }
        Thread.sleep(POLL.toMillis());
      }
      return false;
    } catch (InterruptedException e) {
      process.close();
      Thread.currentThread().interrupt();
      throw new ServiceException("Starting the embedded schema registry was interrupted.", e);
    }
  }

  /** The mark tells our child from another registry that took the port before it. */
  private static boolean answers(int port, String mark) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              new URL("http", LoopbackPorts.HOST, port, API + "/subjects").openConnection();
      connection.setConnectTimeout((int) ANSWER_TIMEOUT.toMillis());
      connection.setReadTimeout((int) ANSWER_TIMEOUT.toMillis());
      try (InputStream body = connection.getInputStream()) {
        body.readAllBytes();
      }
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK
          && mark.equals(connection.getHeaderField(MARK_HEADER));
    } catch (IOException e) {
      return false;
    }
  }

  /** The last errors in the log, else its last lines. */
  private static List<String> lastWords(ChildService process) {
    List<String> lines = process.lastLogLines(12);
    List<String> errors = lines.stream().filter(line -> line.contains(" ERROR ")).toList();
    List<String> chosen = errors.isEmpty() ? lines : errors;
    return chosen.subList(Math.max(0, chosen.size() - 3), chosen.size());
  }

  private static boolean isPortTaken(String line) {
    return line.contains("seems to be in use by another process");
  }
}
