package io.histoflow.reporting;

import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TopicSetup;
import io.histoflow.platform.lifecycle.LoopService;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the slide reports into a {@link ReportStore} and exports them. One instance per database;
 * it joins no consumer group, because its position stands in the database.
 */
public final class ReportingService extends LoopService {
  private static final Logger log = LoggerFactory.getLogger(ReportingService.class);
  private static final String NAME = "reporting";
  private static final String TOPIC = Topics.SLIDES_REPORTED.name();
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration REGISTRY_RETRY = Duration.ofSeconds(1);

  static final Setting<Path> DATABASE =
      Setting.ofPath(
          "histoflow.reporting.database",
          Path.of("histoflow-slides.db"),
          "SQLite file that holds the latest report of every slide");

  static final Setting<Path> EXPORT_DIR =
      Setting.ofPath(
          "histoflow.reporting.export.dir",
          null,
          "Folder for slides.csv and slides.json; without it nothing is exported");

  static final Setting<Duration> EXPORT_INTERVAL =
      Setting.ofDuration(
          "histoflow.reporting.export.interval", "5s", "Shortest time between two exports");

  /** What can be configured. */
  public static final Settings SETTINGS = Settings.of(NAME, DATABASE, EXPORT_DIR, EXPORT_INTERVAL);

  private final ServiceConfig config;
  private final Path database;
  private final Optional<Path> exportDir;
  private final Duration exportInterval;
  private final ReportingMetrics metrics;
  private ReportStore store;
  private volatile Consumer<byte[], byte[]> consumer;
  private Producer<byte[], byte[]> deadLetters;
  private Deserializer<SlideReport> deserializer;
  private boolean changed = true;
  private long nextExportNanos;

  /**
   * Makes the service without starting it; its metrics go nowhere.
   *
   * @param config {@link #SETTINGS}, and the keys of the Kafka and schema registry clients
   * @throws io.histoflow.platform.config.ConfigException where a value is not allowed
   */
  public ReportingService(ServiceConfig config) {
    this(config, new CompositeMeterRegistry());
  }

  /**
   * Makes the service without starting it.
   *
   * @param config {@link #SETTINGS}, and the keys of the Kafka and schema registry clients
   * @param registry where the service's metrics go
   * @throws io.histoflow.platform.config.ConfigException where a value is not allowed
   */
  public ReportingService(ServiceConfig config, MeterRegistry registry) {
    super(NAME, config.get(CommonSettings.SHUTDOWN_TIMEOUT));
    this.config = config;
    this.database = config.get(DATABASE);
    this.exportDir = config.find(EXPORT_DIR);
    this.exportInterval = config.get(EXPORT_INTERVAL);
    this.metrics = new ReportingMetrics(registry);
  }

  @Override
  protected void onStart() throws Exception {
    KafkaClients clients = new KafkaClients(config, NAME);
    store = ReportStore.open(database);
    try (Admin admin = clients.admin()) {
      TopicSetup.ensure(admin, config);
      store.claim(admin.describeCluster().clusterId().get());
    }
    SubjectCatalogue.ensure(config.clientProperties());
    deserializer = clients.deserializer(Topics.SLIDES_REPORTED);
    deadLetters = clients.bytesProducer(Map.of());
    consumer = clients.bytesConsumer(null, Map.of());
    List<TopicPartition> partitions =
        consumer.partitionsFor(TOPIC).stream()
            .map(info -> new TopicPartition(TOPIC, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> positions = store.positions();
    positions.keySet().retainAll(partitions);
    positions.forEach(consumer::seek);
    nextExportNanos = System.nanoTime();
  }

  @Override
  protected void runOnce() throws Exception {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    if (!records.isEmpty()) {
      take(records);
    }
    if (changed && System.nanoTime() - nextExportNanos >= 0) {
      export();
    }
  }

  @Override
  protected void onStop() throws Exception {
    try {
      if (store != null && changed) {
        export();
      }
    } finally {
      close(consumer, deadLetters, deserializer, store);
    }
  }

  @Override
  protected void wakeUp() {
    Consumer<?, ?> running = consumer;
    if (running != null) {
      running.wakeup();
    }
  }

  /** Applies the records up to the first that the registry keeps from being read. */
  private void take(ConsumerRecords<byte[], byte[]> records) throws Exception {
    List<ReportChange> changes = new ArrayList<>();
    List<Future<RecordMetadata>> letters = new ArrayList<>();
    Map<TopicPartition, Long> next = new HashMap<>();
    records.partitions().forEach(p -> next.put(p, records.records(p).get(0).offset()));
    RegistryUnavailableException unavailable = null;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      try {
        changes.add(change(partition, record));
      } catch (MalformedRecordException e) {
        letters.add(deadLetters.send(deadLetter(record, e)));
        changes.add(ReportChange.unreadable(partition, record.offset()));
      } catch (RegistryUnavailableException e) {
        unavailable = e;
        break;
      }
      next.put(partition, record.offset() + 1);
    }
    // A dead letter must be safe before the position moves behind its source.
    for (Future<RecordMetadata> letter : letters) {
      letter.get();
    }
    store.apply(changes);
    metrics.took(changes.size() - letters.size(), letters.size());
    changed |= !changes.isEmpty();
    if (unavailable != null) {
      next.forEach(consumer::seek);
      log.atWarn()
          .addKeyValue("service", NAME)
          .log("Reading is tried again: {}", unavailable.getMessage());
      Thread.sleep(REGISTRY_RETRY.toMillis());
    }
  }

  private ReportChange change(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      throw new MalformedRecordException("A slide report has no key; the key must be the slideId");
    }
    String slideId = new String(record.key(), StandardCharsets.UTF_8);
    SlideReport report = deserializer.deserialize(record.topic(), record.value());
    if (report == null) {
      return ReportChange.deletion(partition, record.offset(), slideId);
    }
    if (!report.getSlideId().equals(slideId)) {
      throw new MalformedRecordException(
          "A report of slide "
              + report.getSlideId()
              + " has the key "
              + slideId
              + "; the key must be the slideId");
    }
    return ReportChange.report(partition, record.offset(), SlideRow.of(report));
  }

  private static ProducerRecord<byte[], byte[]> deadLetter(
      ConsumerRecord<byte[], byte[]> record, MalformedRecordException why) {
    log.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .log("A record goes to the dead-letter topic: {}", why.getMessage());
    return DeadLetters.of(record, why, "reporting");
  }

  private void export() {
    nextExportNanos = System.nanoTime() + exportInterval.toNanos();
    changed = false;
    exportDir.ifPresent(
        directory -> {
          try {
            ReportExport.write(store, directory);
            metrics.exported();
          } catch (IOException e) {
            // The reports are safe in the database; a full disk may have room again later.
            changed = true;
            log.atWarn()
                .addKeyValue("service", NAME)
                .addKeyValue("directory", directory)
                .log("The slides could not be exported, which is tried again: {}", e.toString());
          }
        });
  }

  private static void close(AutoCloseable... parts) throws Exception {
    Exception failure = null;
    for (AutoCloseable part : parts) {
      try {
        if (part != null) {
          part.close();
        }
      } catch (Exception e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
