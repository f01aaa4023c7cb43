package io.histoflow.reporting;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.KafkaService;
import io.histoflow.platform.kafka.PartitionProgress;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.lifecycle.Causes;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TextRule;
import io.histoflow.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the slide reports into a {@link ReportStore} and exports them. One instance per database;
 * it joins no consumer group, because its position stands in the database.
 */
public final class ReportingService extends KafkaService {
  private static final Logger log = LoggerFactory.getLogger(ReportingService.class);
  private static final String NAME = "reporting";
  private static final String TOPIC = Topics.SLIDES_REPORTED.name();
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final TextRule SLIDE_ID = TextRule.id("slideId");
  private static final TextRule ORGAN = new TextRule("organ", 0, 128);
  private static final TextRule SCAN_ID = TextRule.name("scanId");

  /** File of the reports. */
  public static final Setting<Path> DATABASE =
      Setting.ofPath(
          "histoflow.reporting.database",
          Path.of("histoflow-slides.db"),
          "SQLite file that holds the latest report of every slide");

  /** Folder of what is exported. */
  public static final Setting<Path> EXPORT_DIR =
      Setting.ofPath(
          "histoflow.reporting.export.dir",
          null,
          "Folder for slides.csv and slides.json; without it nothing is exported");

  static final Setting<Duration> EXPORT_INTERVAL =
      Setting.ofDuration(
          "histoflow.reporting.export.interval", "5s", "Shortest time between two exports");

  static final Setting<Duration> PROGRESS_TIMEOUT =
      Setting.ofDuration(
          "histoflow.reporting.progress.timeout",
          "2m",
          "Time without progress on a partition with reports left after which the service says that"
              + " it is not ready");

  /** What can be configured. */
  public static final Settings SETTINGS =
      Settings.of(NAME, DATABASE, EXPORT_DIR, EXPORT_INTERVAL, PROGRESS_TIMEOUT);

  private final Path database;
  private final Optional<Path> exportDir;
  private final Duration exportInterval;
  private final ReportingMetrics metrics;
  private final PartitionProgress progress;
  private volatile String failure = "";
  private Set<TopicPartition> inWork = Set.of();
  private ReportStore store;
  private ExpectedRecall expected = ExpectedRecall.UNKNOWN;
  private volatile Consumer<byte[], byte[]> consumer;
  private Producer<byte[], byte[]> deadLetters;
  private Deserializer<SlideReport> deserializer;
  private boolean changed = true;
  private boolean mustSeek;
  private long nextExportNanos;

  /** As the other; its metrics go nowhere. */
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
    super(NAME, config);
    this.database = config.get(DATABASE);
    this.exportDir = config.find(EXPORT_DIR);
    this.exportInterval = config.get(EXPORT_INTERVAL);
    this.metrics = new ReportingMetrics(registry);
    this.progress = new PartitionProgress(config.get(PROGRESS_TIMEOUT), InstantSource.system());
  }

  @Override
  protected void onStart(KafkaClients clients) throws Exception {
    store = opened(ReportStore.open(database));
    store.claim(clients.clusterId());
    deserializer = opened(clients.deserializer(Topics.SLIDES_REPORTED));
    deadLetters = opened(clients.bytesProducer(Map.of()));
    consumer = opened(clients.bytesConsumer(null, Map.of()));
    consumer.assign(Partitions.of(consumer, TOPIC));
    seekToStored();
    if (exportDir.isPresent()) {
      expected = opened(ExpectedRecall.following(clients));
      expected.start();
    }
    nextExportNanos = System.nanoTime();
  }

  @Override
  public Optional<String> trouble() {
    return progress
        .standstill()
        .map(where -> failure.isEmpty() ? where : where + "; last failure: " + failure);
  }

  @Override
  protected void runOnce() throws Exception {
    try {
      seekWhereOwed();
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      if (!records.isEmpty()) {
        take(records);
      }
      if (changed && System.nanoTime() - nextExportNanos >= 0) {
        export();
      }
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException | ExecutionException | ReportStoreException e) {
      tryAgain(e);
    }
  }

  @Override
  protected void onStop() {
    if (store != null && changed) {
      export();
    }
  }

  @Override
  protected void wakeUp() {
    Consumer<?, ?> running = consumer;
    if (running != null) {
      running.wakeup();
    }
  }

  /** Goes back to what the database holds: what failed may work once brokers or disk are back. */
  private void tryAgain(Exception why) throws Exception {
    if (Causes.areAny(
        why,
        AuthenticationException.class,
        AuthorizationException.class,
        InvalidConfigurationException.class,
        UnsupportedVersionException.class)) {
      throw why;
    }
    failure = Sentences.of(why);
    log.atWarn().addKeyValue(LogKeys.SERVICE, NAME).log("Reading is tried again: {}", failure);
    Thread.sleep(RETRY.toMillis());
    mustSeek = true;
  }

  private void seekWhereOwed() {
    if (mustSeek) {
      seekToStored();
      inWork.forEach(partition -> progress.update(partition, consumer.position(partition), true));
      mustSeek = false;
    }
  }

  private void seekToStored() {
    consumer.seekToBeginning(consumer.assignment());
    Map<TopicPartition, Long> positions = store.positions();
    positions.keySet().retainAll(consumer.assignment());
    positions.forEach(consumer::seek);
  }

  /** Applies the records up to the first that the registry keeps from being read. */
  private void take(ConsumerRecords<byte[], byte[]> records) throws Exception {
    inWork = records.partitions();
    List<ReportChange> changes = new ArrayList<>();
    List<Future<RecordMetadata>> letters = new ArrayList<>();
    Map<TopicPartition, Long> next = new HashMap<>();
    records.partitions().forEach(p -> next.put(p, records.records(p).get(0).offset()));
    RegistryUnavailableException unavailable = null;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      TopicPartition partition = Partitions.of(record);
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
    boolean waits = unavailable != null;
    records.partitions().forEach(p -> progress.update(p, next.get(p), waits));
    failure = "";
    if (unavailable != null) {
      failure = unavailable.getMessage();
      next.forEach(consumer::seek);
      log.atWarn()
          .addKeyValue(LogKeys.SERVICE, NAME)
          .log("Reading is tried again: {}", unavailable.getMessage());
      Thread.sleep(RETRY.toMillis());
    }
  }

  private ReportChange change(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      throw new MalformedRecordException("A slide report has no key; the key must be the slideId");
    }
    String slideId = new String(record.key(), StandardCharsets.UTF_8);
    require(SLIDE_ID, slideId);
    SlideReport report = deserializer.deserialize(record.topic(), record.value());
    if (report == null) {
      return ReportChange.deletion(partition, record.offset(), slideId);
    }
    if (!report.getSlideId().equals(slideId)) {
      throw new MalformedRecordException(
          "A report of slide %s has the key %s; the key must be the slideId"
              .formatted(report.getSlideId(), slideId));
    }
    require(ORGAN, report.getOrgan());
    if (report.getScanId() != null) {
      require(SCAN_ID, report.getScanId());
    }
    requireNumbers(report);
    return ReportChange.report(partition, record.offset(), report);
  }

  private static void require(TextRule rule, String text) {
    rule.fault(text)
        .ifPresent(
            fault -> {
              throw new MalformedRecordException(fault);
            });
  }

  /** A database takes what is no number for nothing at all. */
  private static void requireNumbers(SlideReport report) {
    Double area = report.getPositiveAreaSquareMillimetres();
    DoubleStream numbers =
        DoubleStream.of(
            report.getPositiveFraction(),
            area == null ? 0 : area,
            report.getMeanEntropy(),
            report.getMaxMeanEntropy(),
            report.getMaxTailEntropy());
    if (!numbers.allMatch(Double::isFinite)) {
      throw new MalformedRecordException(
          "A report of slide " + report.getSlideId() + " holds what is no number");
    }
  }

  private static ProducerRecord<byte[], byte[]> deadLetter(
      ConsumerRecord<byte[], byte[]> record, MalformedRecordException why) {
    LogKeys.at(log.atWarn(), record).log(
        "A record goes to the dead-letter topic: {}", why.getMessage());
    return DeadLetters.of(record, why, "reporting");
  }

  private void export() {
    nextExportNanos = System.nanoTime() + exportInterval.toNanos();
    changed = false;
    exportDir.ifPresent(
        directory -> {
          try {
            ReportExport.write(store, directory, expected);
            metrics.exported();
          } catch (IOException | ReportStoreException e) {
            // The reports are safe in the database; a full disk may have room again later.
            changed = true;
            log.atWarn()
                .addKeyValue(LogKeys.SERVICE, NAME)
                .addKeyValue("directory", directory)
                .log("The slides could not be exported, which is tried again: {}", e.toString());
          }
        });
  }
}
