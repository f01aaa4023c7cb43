package io.histoflow.platform.logging;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.spi.LoggingEventBuilder;

/** The keys of log events that more than one class writes. */
public final class LogKeys {
  /** The service that writes. */
  public static final String SERVICE = "service";

  /** The model whose weights it is about. */
  public static final String MODEL_ID = "modelId";

  /** The version of these weights. */
  public static final String MODEL_VERSION = "modelVersion";

  /** The round of fine-tuning. */
  public static final String ROUND = "round";

  /** The tile. */
  public static final String TILE_ID = "tileId";

  /** An offset, of a topic that the message names. */
  public static final String OFFSET = "offset";

  private LogKeys() {}

  /** Adds where a record lies. */
  public static LoggingEventBuilder at(LoggingEventBuilder event, ConsumerRecord<?, ?> record) {
    return at(event, record.topic(), record.partition(), record.offset());
  }

  /** Adds where a record lies. */
  public static LoggingEventBuilder at(
      LoggingEventBuilder event, String topic, int partition, long offset) {
    return event
        .addKeyValue("topic", topic)
        .addKeyValue("partition", partition)
        .addKeyValue(OFFSET, offset);
  }
}
