package io.histoflow.review.overview;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the overview in step with its topics. A record that cannot be read, or is far larger than
 * what it tells, is logged and skipped: the services that own these topics set it aside.
 */
public final class OverviewFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OverviewFollower.class);
  private static final int MOST_KEY_BYTES = 1 << 10;
  // A slide's report has some kB; 500 of them are kept.
  private static final int MOST_VALUE_BYTES = 64 << 10;

  private final List<Supplier<Service>> makers;
  private final List<Service> readers;

  /** Makes the follower without starting it. */
  public OverviewFollower(KafkaClients clients, Overview overview) {
    this.makers =
        List.of(
            reader(clients, Topics.SLIDES_REPORTED, overview::slide),
            reader(clients, Topics.SLIDES_SCANNED, overview::manifest),
            reader(clients, Topics.ORGANS_THRESHOLDS, overview::threshold),
            reader(clients, Topics.DECODER_WEIGHTS, overview::weights),
            reader(clients, Topics.WORKERS_VERSIONS, overview::worker),
            // These are no compacted topics: all their events are read from the first on.
            reader(
                clients,
                Topics.DECODER_DECISIONS,
                (key, decision) -> decision.ifPresent(overview::decision)),
            reader(
                clients,
                Topics.DECODER_CHANGES,
                (key, change) -> change.ifPresent(overview::change)),
            recordReader(
                clients,
                Topics.REVIEWERS_ACTS,
                record -> {
                  if (record.value() != null) {
                    overview.act(record.value(), record.offset());
                  }
                }),
            reader(
                clients,
                Topics.DRIFT_ALARMS,
                (key, alarm) -> alarm.ifPresent(event -> overview.drift(key, event))),
            reader(clients, Topics.RECALL_ESTIMATES, overview::estimate),
            reader(
                clients,
                Topics.RECALL_ALARMS,
                (key, alarm) -> alarm.ifPresent(event -> overview.recallAlarm(key, event))),
            reader(
                clients,
                Topics.TILES_HELD_BACK,
                (key, tile) -> tile.ifPresent(overview::heldBack)));
    this.readers = new ArrayList<>(makers.stream().map(Supplier::get).toList());
  }

  /** Starts following and returns when what is published at this moment is in the overview. */
  public void start() {
    readers.forEach(Service::start);
  }

  /** Returns why following ended, empty while it goes on. */
  public Optional<Throwable> failure() {
    return readers.stream().flatMap(reader -> reader.failure().stream()).findFirst();
  }

  /**
   * Follows anew what is no longer followed.
   *
   * @throws io.histoflow.platform.lifecycle.ServiceException where Kafka cannot be read
   */
  public void restartFailed() {
    for (int i = 0; i < readers.size(); i++) {
      if (readers.get(i).state() == ServiceState.FAILED) {
        readers.set(i, makers.get(i).get());
        readers.get(i).start();
      }
    }
  }

  @Override
  public void close() {
    readers.forEach(Service::close);
  }

  private static <V extends SpecificRecord> Supplier<Service> reader(
      KafkaClients clients, TopicSpec<V> topic, BiConsumer<String, Optional<V>> taker) {
    return recordReader(
        clients, topic, record -> taker.accept(record.key(), Optional.ofNullable(record.value())));
  }

  private static <V extends SpecificRecord> Supplier<Service> recordReader(
      KafkaClients clients, TopicSpec<V> topic, Consumer<ConsumerRecord<String, V>> taker) {
    CompactedTopicReader.Handler<V> guarded =
        record -> {
          try {
            if (isSmall(record, topic)) {
              taker.accept(record);
              return;
            }
            skipped(record, "it is larger than anything that is shown");
          } catch (RuntimeException e) {
            skipped(record, e.toString());
          }
        };
    return () -> new CompactedTopicReader<>(clients, topic, guarded);
  }

  /** Of weights only the version is kept; of other records everything. */
  private static boolean isSmall(ConsumerRecord<?, ?> record, TopicSpec<?> topic) {
    boolean isKept = !topic.equals(Topics.DECODER_WEIGHTS);
    return record.serializedKeySize() <= MOST_KEY_BYTES
        && (!isKept || record.serializedValueSize() <= MOST_VALUE_BYTES);
  }

  private static void skipped(ConsumerRecord<?, ?> record, String why) {
    LOG.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .log("A record is not shown in the overview: {}", why);
  }
}
