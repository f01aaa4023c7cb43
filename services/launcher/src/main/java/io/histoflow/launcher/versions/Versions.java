package io.histoflow.launcher.versions;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.WorkerVersion;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.versions.ModelVersions;
import io.histoflow.weights.versions.VersionReader;
import io.histoflow.weights.versions.WorkerVersions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The versions of a model and the workers that run them, at a moment.
 *
 * @param shipped the checkpoint that the workers start from: version 0
 * @param model its versions
 * @param workers the last report of each worker
 * @param at the moment
 */
public record Versions(
    Checkpoint shipped, ModelVersions model, List<WorkerVersion> workers, Instant at) {

  public Versions {
    Objects.requireNonNull(shipped, "shipped");
    Objects.requireNonNull(model, "model");
    workers = List.copyOf(workers);
    Objects.requireNonNull(at, "at");
  }

  /** Reads them from the topics. */
  public static Versions read(ServiceConfig config, Checkpoint shipped) {
    KafkaClients clients = new KafkaClients(config, "weights");
    InstantSource clock = InstantSource.system();
    ModelVersions model = new VersionReader(clients, shipped, WeightsKeys.from(config)).read();
    try (WorkerVersions workers = new WorkerVersions(clients, shipped.modelId(), clock)) {
      workers.start();
      return new Versions(shipped, model, workers.all(), clock.instant());
    }
  }

  /**
   * A version, or a round that led to none: at least one of the two is there, but for version 0.
   *
   * @param version the version; empty where the round was refused
   * @param weights the archived weights; empty where the archive has none
   * @param decision the round; empty where none is on record
   */
  public record Entry(
      Optional<Long> version,
      Optional<DecoderWeights> weights,
      Optional<DecoderDecision> decision) {

    /** Returns what became of it. */
    public Outcome outcome() {
      if (version.isPresent() && version.get() == 0) {
        return Outcome.SHIPPED;
      }
      if (decision.isPresent() && !decision.get().getAccepted()) {
        return Outcome.REFUSED;
      }
      if (weights.isEmpty()) {
        return Outcome.LOST;
      }
      return decision.isPresent() && decision.get().getHeldBack() != null
          ? Outcome.HELD_BACK
          : Outcome.ACCEPTED;
    }
  }

  /** What became of a version or round. */
  public enum Outcome {
    /** As shipped, version 0. */
    SHIPPED,
    /** Accepted, archived and put in force. */
    ACCEPTED,
    /** Accepted and archived only. */
    HELD_BACK,
    /** Refused by the gate. */
    REFUSED,
    /** Accepted before there was an archive, and replaced since: its weights are gone. */
    LOST
  }

  /** Returns version 0, then what has no round on record, then the rounds in their order. */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    entries.add(new Entry(Optional.of(0L), Optional.empty(), Optional.empty()));
    model.archived().stream()
        .filter(weights -> model.decisionOf(weights.getVersion()).isEmpty())
        .map(w -> new Entry(Optional.of(w.getVersion()), Optional.of(w), Optional.empty()))
        .forEach(entries::add);
    for (DecoderDecision decision : model.decisions()) {
      Optional<Long> version = Optional.ofNullable(decision.getCandidateVersion());
      entries.add(new Entry(version, version.flatMap(model::archived), Optional.of(decision)));
    }
    return entries;
  }

  /** Returns the entry of a version. */
  public Optional<Entry> entry(long version) {
    return entries().stream()
        .filter(entry -> entry.version().isPresent() && entry.version().get() == version)
        .findFirst();
  }

  /** Returns the workers that run a version. */
  public List<WorkerVersion> running(long version) {
    return workers.stream().filter(worker -> worker.getVersion() == version).toList();
  }

  /** Returns the SHA-256 of version 0, as workers report it. */
  public String shippedSha256() {
    return Safetensors.sha256(shipped.decoderSafetensors());
  }

  /** Tells whether a worker has not reported for too long. */
  public boolean isSilent(WorkerVersion worker) {
    return WorkerVersions.isSilent(worker, at);
  }
}
