package io.histoflow.platform.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.Marker;

/**
 * Drops a warning that every Kafka broker writes when it is shut down in order: that a network
 * client is closed twice. The other warnings of the same logger matter to people, so its level
 * cannot be raised.
 */
public final class BrokerNoiseFilter extends TurboFilter {
  private static final String LOGGER = "org.apache.kafka.clients.NetworkClient";
  private static final String NOISE = "Attempting to close NetworkClient that has already been";

  @Override
  public FilterReply decide(
      Marker marker, Logger logger, Level level, String format, Object[] params, Throwable error) {
    return format != null && logger.getName().equals(LOGGER) && format.contains(NOISE)
        ? FilterReply.DENY
        : FilterReply.NEUTRAL;
  }
}
