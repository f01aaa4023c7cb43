package io.histoflow.loadtests.scaling;

import io.histoflow.inference.InferenceService;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.Waiting;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.schemas.Groups;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Inference workers of one group, each with a {@link FixedTimeNetwork} of its own. */
final class WorkerFleet implements AutoCloseable {
  private static final int BATCH_SIZE = 8;

  private final ServiceConfig config;
  private final Duration perTile;
  private final List<InferenceService> services = new ArrayList<>();
  private final List<FixedTimeNetwork> networks = new ArrayList<>();

  /**
   * @param config of every worker, but for its name and the size of batches, which a device of
   *     fixed time for each tile leaves open
   * @param perTile each device's time for one tile
   */
  WorkerFleet(ServiceConfig config, Duration perTile) {
    this.config = config;
    this.perTile = perTile;
  }

  /** Starts more workers. */
  void add(Checkpoint checkpoint, int count) {
    for (int i = 0; i < count; i++) {
      FixedTimeNetwork network = new FixedTimeNetwork(checkpoint, perTile);
      InferenceService service =
          new InferenceService(
              config
                  .with(CommonSettings.WORKER_ID, "bench-" + services.size())
                  .with(InferenceService.BATCH_SIZE, BATCH_SIZE),
              new CompositeMeterRegistry(),
              weights -> network);
      networks.add(network);
      services.add(service);
      service.start();
    }
  }

  /** Waits until every worker has its share of the partitions. */
  void awaitBalance(Admin admin) {
    Waiting.until("the workers to share out the partitions", () -> isBalanced(admin));
  }

  /** Returns the device of a worker. */
  FixedTimeNetwork network(int worker) {
    return networks.get(worker);
  }

  /** Returns how many tiles each worker has segmented. */
  List<Long> tiles() {
    return networks.stream().map(FixedTimeNetwork::tiles).toList();
  }

  /** Tells whether no worker has failed. */
  boolean isAlive() {
    return services.stream().allMatch(service -> service.state() != ServiceState.FAILED);
  }

  @Override
  public void close() {
    services.forEach(InferenceService::close);
  }

  private boolean isBalanced(Admin admin) {
    try {
      ConsumerGroupDescription group =
          admin
              .describeConsumerGroups(List.of(Groups.INFERENCE))
              .describedGroups()
              .get(Groups.INFERENCE)
              .get();
      return group.groupState() == GroupState.STABLE
          && group.members().size() == services.size()
          && group.members().stream()
              .noneMatch(member -> member.assignment().topicPartitions().isEmpty());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return false;
      }
      throw new BenchException("The broker does not describe the group: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The bench was interrupted.");
    }
  }
}
