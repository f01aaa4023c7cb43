package io.histoflow.platform.testing;

import io.histoflow.platform.kafka.KafkaClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Everything that is committed on a topic, read again and again as an outsider reads it. */
public final class TopicLog implements AutoCloseable {
  private final Consumer<byte[], byte[]> consumer;
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

  /** Opens it at its beginning. */
  public TopicLog(KafkaClients clients, String topic) {
    consumer = clients.bytesConsumer(null, Map.of());
    CommittedRecords.assignFromBeginning(consumer, topic);
  }

  /** Returns all records up to this moment's end of the topic. */
  public List<ConsumerRecord<byte[], byte[]>> read() {
    records.addAll(CommittedRecords.pollToEnd(consumer));
    return List.copyOf(records);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
