package io.histoflow.review.models;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.review.tile.WorkBudget;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WeightsChangeKind;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.weights.ModelSettings;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.versions.ChangeNote;
import io.histoflow.weights.versions.VersionControl;
import io.histoflow.weights.versions.VersionException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Changes which weights of a model are in force, as the command {@code weights} does. One change at
 * a time; connects for each, for changes are rare.
 */
public final class WeightsDesk {
  /** The checkpoint, and weights as they lie in the archive, as they are read and verified. */
  private static final long BYTES_OF_WORK = 256 << 20;

  private final ServiceConfig config;
  private final WorkBudget work;
  private final InstantSource clock;

  /**
   * Connects to nothing yet.
   *
   * @param config where Kafka is, which model the workers start from, and keys
   * @param work bounds what is in memory
   */
  public WeightsDesk(ServiceConfig config, WorkBudget work, InstantSource clock) {
    this.config = config;
    this.work = work;
    this.clock = clock;
  }

  /**
   * Changes what is in force.
   *
   * @param modelId the model that is meant
   * @param kind what is done
   * @param version the version that is put in force or pinned, 0 = as shipped; not read where it is
   *     unpinned
   * @return the change; empty where everything is so already
   * @throws RefusedException where the model is another, the version cannot be had, or Kafka does
   *     not answer
   */
  public synchronized Optional<WeightsChange> change(
      String modelId, WeightsChangeKind kind, long version, ChangeNote note)
      throws RefusedException {
    WorkBudget.Share share = work.take(BYTES_OF_WORK);
    try (share) {
      Checkpoint shipped = ModelSettings.load(config.find(ModelSettings.FILE));
      if (!shipped.modelId().equals(modelId)) {
        throw new RefusedException(
            Reason.ALERT_CONFLICT,
            "This service may change the weights of %s only: %s says which model the workers start from."
                .formatted(shipped.modelId(), ModelSettings.FILE.name()));
      }
      try (VersionControl control =
          new VersionControl(
              new KafkaClients(config, "weights"), shipped, WeightsKeys.from(config), clock)) {
        return switch (kind) {
          case PINNED -> control.pin(version, note);
          case UNPINNED -> control.unpin(note);
          default -> control.rollBack(version, note);
        };
      }
    } catch (VersionException e) {
      throw new RefusedException(Reason.ALERT_CONFLICT, e.getMessage(), e);
    } catch (CheckpointRejectedException e) {
      throw new RefusedException(
          Reason.ALERT_CONFLICT, "The weights cannot be changed from here: " + e.getMessage(), e);
    }
  }
}
