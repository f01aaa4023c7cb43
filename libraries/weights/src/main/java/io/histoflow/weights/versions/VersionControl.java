package io.histoflow.weights.versions;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WeightsChangeKind;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Changes by hand which weights of a model are in force. Each change is one transaction: the
 * weights and the record of who changed them, both or neither. Weights are verified before they are
 * published. Belongs to one thread.
 */
public final class VersionControl implements AutoCloseable {
  private static final int ATTEMPTS = 5;

  /** Short, because workers see no weights behind a transaction that is left open. */
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

  private final Checkpoint shipped;
  private final WeightsKeys keys;
  private final VersionReader reader;
  private final WeightRecords records;
  private final TransactionalPublisher publisher;
  private final InstantSource clock;

  /** As the other, without keys. */
  public VersionControl(KafkaClients clients, Checkpoint shipped, InstantSource clock) {
    this(clients, shipped, WeightsKeys.none(), clock);
  }

  /**
   * Connects to the brokers and fences other writers of the model; they start over.
   *
   * @param clients makes the clients
   * @param shipped the checkpoint that the workers start from
   * @param keys check the signatures of archived weights, and sign those that have none
   * @param clock dates the changes
   */
  public VersionControl(
      KafkaClients clients, Checkpoint shipped, WeightsKeys keys, InstantSource clock) {
    this.shipped = shipped;
    this.keys = keys;
    this.clock = clock;
    this.reader = new VersionReader(clients, shipped, keys);
    this.records = new WeightRecords(clients, keys);
    this.publisher =
        WeightTransactions.of(
            clients,
            shipped.modelId(),
            TRANSACTION_TIMEOUT,
            "Another process keeps changing the weights of "
                + shipped.modelId()
                + ": wait until it is done and try again.",
            clock);
    try {
      publisher.open();
    } catch (RuntimeException e) {
      records.close();
      throw e;
    }
  }

  /**
   * Puts an archived version in force again, be it older or newer than the one in force. Where
   * weights on the topic were refused, the one in force is published anew as well: it may be there
   * no more.
   *
   * @param version the version; 0 = as shipped
   * @return the change; empty where the version is in force already and nothing was refused
   * @throws VersionException where another version is pinned, where this one is not archived or
   *     does not verify, or where the brokers take no transaction
   */
  public Optional<WeightsChange> rollBack(long version, ChangeNote note) throws VersionException {
    return change(
        versions -> {
          if (versions.pin().isPresent() && !versions.isPinned(version)) {
            WeightsChange pin = versions.pin().get();
            throw new VersionException(
                "Version %d of %s was pinned by %s: unpin it first, or pin version %d instead."
                    .formatted(pin.getToVersion(), versions.modelId(), pin.getBy(), version));
          }
          return versions.inForce() == version && versions.refused().isEmpty()
              ? Optional.empty()
              : Optional.of(described(versions, WeightsChangeKind.ROLLED_BACK, version, note));
        });
  }

  /**
   * Puts a version in force and keeps it so: what fine-tuning accepts is archived only, until the
   * version is unpinned or another is pinned.
   *
   * @param version the version; 0 = as shipped
   * @return the change; empty where the version is pinned already
   * @throws VersionException as for {@link #rollBack}
   */
  public Optional<WeightsChange> pin(long version, ChangeNote note) throws VersionException {
    return change(
        versions ->
            versions.isPinned(version) && versions.inForce() == version
                ? Optional.empty()
                : Optional.of(described(versions, WeightsChangeKind.PINNED, version, note)));
  }

  /**
   * Lets accepted weights come into force again, from the next round on; the version in force stays
   * until then.
   *
   * @return the change; empty where no version is pinned
   * @throws VersionException where the brokers take no transaction
   */
  public Optional<WeightsChange> unpin(ChangeNote note) throws VersionException {
    return change(
        versions ->
            versions
                .pin()
                .map(
                    pin ->
                        described(versions, WeightsChangeKind.UNPINNED, versions.inForce(), note)));
  }

  @Override
  public void close() {
    publisher.close();
    records.close();
  }

  /** Decides upon the versions as they are. */
  @FunctionalInterface
  private interface Decision {
    Optional<WeightsChange> upon(ModelVersions versions) throws VersionException;
  }

  private Optional<WeightsChange> change(Decision decision) throws VersionException {
    Optional<WeightsChange> attempted = Optional.empty();
    for (int attempt = 1; ; attempt++) {
      ModelVersions versions = reader.read();
      // A transaction of unknown outcome may have been committed.
      if (attempted.isPresent() && versions.changes().contains(attempted.get())) {
        return attempted;
      }
      attempted = decision.upon(versions);
      if (attempted.isEmpty()) {
        return attempted;
      }
      try {
        publisher.publish(transaction(attempted.get(), versions));
        return attempted;
      } catch (TransactionFailedException e) {
        if (attempt == ATTEMPTS) {
          throw new VersionException(
              "The weights of "
                  + versions.modelId()
                  + " could not be changed: "
                  + Sentences.of(e)
                  + " Nothing was changed; try again.",
              e);
        }
      }
    }
  }

  private WeightsChange described(
      ModelVersions versions, WeightsChangeKind kind, long version, ChangeNote note) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return WeightsChange.newBuilder()
        .setModelId(versions.modelId())
        .setKind(kind)
        .setFromVersion(versions.inForce())
        .setToVersion(version)
        .setBy(note.by())
        .setReason(note.reason().orElse(null))
        .setChangedAt(now)
        .build();
  }

  private List<ProducerRecord<byte[], byte[]>> transaction(
      WeightsChange change, ModelVersions versions) throws VersionException {
    List<ProducerRecord<byte[], byte[]>> transaction = new ArrayList<>();
    transaction.add(records.change(change));
    boolean spoiled =
        change.getKind() != WeightsChangeKind.UNPINNED && !versions.refused().isEmpty();
    if (change.getFromVersion() != change.getToVersion() || spoiled) {
      transaction.add(
          change.getToVersion() == 0
              ? records.asShipped(versions.modelId())
              : inForce(change.getToVersion(), versions));
    }
    return transaction;
  }

  private ProducerRecord<byte[], byte[]> inForce(long version, ModelVersions versions)
      throws VersionException {
    ConsumerRecord<String, DecoderWeights> archived =
        reader
            .archivedRecord(version)
            .orElseThrow(() -> new VersionException(notArchived(version, versions)));
    try {
      var unused = new WeightsVerifier(shipped).verify(archived.value());
    } catch (WeightsRejectedException e) {
      throw new VersionException(
          "The archived weights cannot be put in force. " + e.getMessage(), e);
    }
    ProducerRecord<byte[], byte[]> record = records.inForce(archived);
    Optional<String> unsigned = keys.whyNotSigned(archived.value(), record.headers());
    if (unsigned.isPresent()) {
      throw new VersionException(
          "The archived weights cannot be put in force: %s. Name the private key with %s to sign them."
              .formatted(unsigned.get(), WeightsKeys.SIGNING_KEY.name()));
    }
    return record;
  }

  private static String notArchived(long version, ModelVersions versions) {
    String known =
        versions.archived().isEmpty()
            ? "none was accepted yet, and 0 is as shipped."
            : versions.archived().stream()
                .map(weights -> Long.toString(weights.getVersion()))
                .collect(Collectors.joining(", ", "there are 0 (as shipped), ", "."));
    return "There is no version " + version + " of " + versions.modelId() + ": " + known;
  }
}
