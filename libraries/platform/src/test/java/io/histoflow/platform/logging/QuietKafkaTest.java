package io.histoflow.platform.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuietKafkaTest {
  private static final String CONFIGURATION =
      """
      <configuration>
        <include resource="io/histoflow/platform/quiet-kafka.xml"/>
      </configuration>
      """;

  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  @BeforeEach
  void configure() throws Exception {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(
        new ByteArrayInputStream(CONFIGURATION.getBytes(StandardCharsets.UTF_8)));
    appender.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  @Test
  void shouldDropWhatABrokerSaysWhenAllIsWell() {
    // When
    warn(
        "org.apache.kafka.clients.NetworkClient",
        "[NodeToControllerChannelManager id=1] Attempting to close NetworkClient that has already"
            + " been closed.");
    warn("org.apache.kafka.controller.QuorumController", "Performing controller activation.");

    // Then
    assertThat(appender.list).isEmpty();
  }

  @Test
  void shouldKeepTheWarningsOfClientsAndTheErrorsOfTheBroker() {
    // When
    warn(
        "org.apache.kafka.clients.NetworkClient",
        "Connection to node -1 could not be established.");
    context.getLogger("kafka.server.KafkaServer").error("The disk is full.");

    // Then
    assertThat(appender.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("Connection to node -1 could not be established.", "The disk is full.");
  }

  private void warn(String logger, String message) {
    context.getLogger(logger).warn(message);
  }
}
