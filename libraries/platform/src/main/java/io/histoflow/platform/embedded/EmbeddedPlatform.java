package io.histoflow.platform.embedded;

import com.google.common.base.Throwables;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.PrivateFile;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.Contracts;
import io.histoflow.platform.lifecycle.PartNotice;
import io.histoflow.platform.lifecycle.ServiceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker and a schema registry on this machine, with every topic and subject of the
 * catalogue in place.
 *
 * <p>Everything it keeps lies in one data directory: started again there it has the same records,
 * offsets and schema ids, and takes the same ports if they are free. While it runs, {@value
 * #CLIENT_CONFIG} in that directory is a configuration file for its clients. One directory serves
 * one platform at a time.
 */
public final class EmbeddedPlatform implements AutoCloseable {
  /** The system property that names the folder where the schema registry is unpacked. */
  public static final String REGISTRY_HOME = "histoflow.registry.home";

  /** The name of the configuration file for clients in the data directory. */
  public static final String CLIENT_CONFIG = "client.properties";

  // Made before two threads log: SLF4J complains when they are the first to do so.
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPlatform.class);

  private static final String BOOTSTRAP = "bootstrap.servers";
  private static final String REGISTRY = "schema.registry.url";
  private static final Pattern PORT = Pattern.compile(":(\\d{1,5})(?!\\d)");

  private final DirectoryLock lock;
  private final EmbeddedBroker broker;
  private final EmbeddedRegistry registry;
  private final DiskSpace disk;

  private EmbeddedPlatform(
      Path directory, DirectoryLock lock, EmbeddedBroker broker, EmbeddedRegistry registry) {
    this.disk = new DiskSpace(directory);
    this.lock = lock;
    this.broker = broker;
    this.registry = registry;
  }

  /** As the other, with the topics of the catalogue and nobody who listens. */
  public static EmbeddedPlatform start(Path dataDir) {
    return start(dataDir, ServiceConfig.of(Map.of()), notice -> {});
  }

  /**
   * Starts the platform and returns when it is ready.
   *
   * @param dataDir where its data lies; created, for its owner only, when it is absent
   * @param settings {@link io.histoflow.platform.config.CommonSettings} of the topics
   * @param listener hears when the registry dies and when it runs again, and why the broker is
   *     about to halt the process
   * @throws ServiceException when it cannot start, the directory is in use or its disk is full
   * @throws ConfigException when others could read or write in the directory
   * @throws io.histoflow.schemas.TopicMismatchException when the directory holds topics of another
   *     layout
   * @throws io.histoflow.schemas.IncompatibleContractException when the directory holds contracts
   *     that ours would break
   */
  public static EmbeddedPlatform start(
      Path dataDir, ServiceConfig settings, Consumer<PartNotice> listener) {
    Path directory = dataDir.toAbsolutePath().normalize();
    long startedAt = System.nanoTime();
    DirectoryLock lock = DirectoryLock.acquire(directory);
    EmbeddedPlatform platform;
    try {
      new DiskSpace(directory)
          .complaint()
          .ifPresent(
              sentence -> {
                throw new ServiceException(sentence);
              });
      platform = startParts(directory, lock, settings, listener);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
    try {
      platform.writeClientConfig(directory.resolve(CLIENT_CONFIG));
      log.atInfo()
          .addKeyValue("dataDir", directory)
          .addKeyValue("bootstrapServers", platform.bootstrapServers())
          .addKeyValue("registryUrl", platform.registryUrl())
          .addKeyValue("millis", (System.nanoTime() - startedAt) / 1_000_000)
          .log("The embedded platform is ready");
      return platform;
    } catch (RuntimeException | Error e) {
      platform.close();
      throw e;
    }
  }

  /** Returns the broker's host and port, the value of {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /**
   * Returns the URL of the registry's Confluent-compatible API, the value of {@code
   * schema.registry.url}.
   */
  public String registryUrl() {
    return registry.url();
  }

  /** Returns the configuration of a client of this platform. */
  public ServiceConfig config() {
    return ServiceConfig.of(Map.of(BOOTSTRAP, bootstrapServers(), REGISTRY, registryUrl()));
  }

  /**
   * Returns the registry's process id, for tests that kill it; empty while it is being started
   * again.
   */
  public OptionalLong registryPid() {
    return registry.pid();
  }

  /** Says, in a sentence, that the disk is nearly full; empty where it has room. */
  public Optional<String> diskComplaint() {
    return disk.complaint();
  }

  /** Stops both parts and frees the directory. May be called again. */
  @Override
  public void close() {
    try {
      registry.close();
    } finally {
      try {
        broker.close();
      } finally {
        lock.close();
      }
    }
  }

  /** Broker with topics and registry with contracts do not need each other: they start at once. */
  private static EmbeddedPlatform startParts(
      Path directory, DirectoryLock lock, ServiceConfig settings, Consumer<PartNotice> listener) {
    ServiceConfig previous = previousClientConfig(directory.resolve(CLIENT_CONFIG));
    Path registryHome = EmbeddedRegistry.home();
    FutureTask<EmbeddedRegistry> registryStart =
        new FutureTask<>(
            () ->
                registryWithContracts(
                    registryHome,
                    directory.resolve("registry"),
                    ports(previous, REGISTRY),
                    listener));
    new Thread(registryStart, "registry-start").start();
    EmbeddedBroker broker;
    try {
      broker =
          brokerWithTopics(
              directory.resolve("kafka"), ports(previous, BOOTSTRAP), settings, listener);
    } catch (RuntimeException | Error e) {
      try {
        await(registryStart).close();
      } catch (RuntimeException | Error second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    try {
      return new EmbeddedPlatform(directory, lock, broker, await(registryStart));
    } catch (RuntimeException | Error e) {
      broker.close();
      throw e;
    }
  }

  private static EmbeddedRegistry registryWithContracts(
      Path home, Path directory, IntSupplier ports, Consumer<PartNotice> listener) {
    EmbeddedRegistry registry = EmbeddedRegistry.start(home, directory, ports, listener);
    try {
      Contracts.ensureSubjects(ServiceConfig.of(Map.of(REGISTRY, registry.url())));
      return registry;
    } catch (RuntimeException | Error e) {
      registry.close();
      throw e;
    }
  }

  private static EmbeddedBroker brokerWithTopics(
      Path directory, IntSupplier ports, ServiceConfig settings, Consumer<PartNotice> listener) {
    EmbeddedBroker broker = EmbeddedBroker.start(directory, ports, listener);
    ServiceConfig config = settings.with(BOOTSTRAP, broker.bootstrapServers());
    try {
      Contracts.ensureTopics(config);
      return broker;
    } catch (RuntimeException | Error e) {
      broker.close();
      throw e;
    }
  }

  private static EmbeddedRegistry await(FutureTask<EmbeddedRegistry> start) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return start.get();
        } catch (InterruptedException e) {
          // The registry must not be left behind: wait for it, it has its own time limit.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      Throwables.throwIfUnchecked(e.getCause());
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void writeClientConfig(Path file) {
    String text =
        BOOTSTRAP + "=" + bootstrapServers() + "\n" + REGISTRY + "=" + registryUrl() + "\n";
    try {
      PrivateFile.write(file, text);
    } catch (IOException e) {
      throw new ServiceException(
          "The file " + file + " cannot be written: " + PrivateFile.reason(e) + ".", e);
    }
  }

  private static ServiceConfig previousClientConfig(Path file) {
    try {
      return ServiceConfig.load(file);
    } catch (ConfigException e) {
      return ServiceConfig.of(Map.of());
    }
  }

  /** Begins with the port in an address of an earlier run. */
  private static IntSupplier ports(ServiceConfig config, String key) {
    Matcher matcher = PORT.matcher(config.asMap().getOrDefault(key, ""));
    int port = matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    return LoopbackPorts.candidates(port <= 65_535 ? port : 0);
  }
}
