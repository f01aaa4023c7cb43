package io.histoflow.platform.embedded;

import io.histoflow.platform.config.ServiceConfig;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A broker on which everybody signs in by name (SASL/PLAIN, for it listens on loopback only) and
 * may do what Kafka's own authorizer lets them: the user {@value #ADMIN} everything, others nothing
 * at first. Schemas lie in this process's memory.
 */
public final class SecuredBroker implements AutoCloseable {
  /** Who may do everything. */
  public static final String ADMIN = "admin";

  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required ";

  private final EmbeddedBroker broker;
  private final String registry;

  private SecuredBroker(EmbeddedBroker broker, String registry) {
    this.broker = broker;
    this.registry = registry;
  }

  /** Starts it with users of these names, besides the one who may do everything. */
  public static SecuredBroker start(Path directory, Collection<String> users) {
    String known =
        Stream.concat(Stream.of(ADMIN), users.stream())
            .map(user -> "user_%s=\"%s\"".formatted(user, secret(user)))
            .collect(Collectors.joining(" "));
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            directory,
            LoopbackPorts.candidates(0),
            notice -> {},
            Map.of(
                "listener.security.protocol.map",
                "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN",
                "listener.name.clients.plain.sasl.jaas.config",
                login(ADMIN) + known + ";",
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                // The controller's listener knows no names; only this process uses it.
                "super.users",
                "User:" + ADMIN + ";User:ANONYMOUS"));
    return new SecuredBroker(broker, "mock://secured-" + broker.port());
  }

  /** Returns the configuration of one user's clients. */
  public ServiceConfig config(String user, Map<String, String> others) {
    return ServiceConfig.of(
        Stream.concat(
                others.entrySet().stream(),
                Map.of(
                    "bootstrap.servers",
                    broker.bootstrapServers(),
                    "schema.registry.url",
                    registry,
                    "security.protocol",
                    "SASL_PLAINTEXT",
                    "sasl.mechanism",
                    "PLAIN",
                    "sasl.jaas.config",
                    login(user) + ";")
                    .entrySet()
                    .stream())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  @Override
  public void close() {
    broker.close();
  }

  private static String login(String user) {
    return LOGIN + "username=\"%s\" password=\"%s\" ".formatted(user, secret(user));
  }

  private static String secret(String user) {
    return "of-" + user;
  }
}
