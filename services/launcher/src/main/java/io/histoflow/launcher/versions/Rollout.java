package io.histoflow.launcher.versions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WorkerVersion;
import io.histoflow.weights.versions.WorkerVersions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How far the workers have followed a change of the version in force.
 *
 * @param version the version
 * @param running workers that run it
 * @param behind workers that report another version
 * @param silent workers that have not reported for too long and were not waited for
 * @param took how long was waited
 */
public record Rollout(
    long version,
    List<WorkerVersion> running,
    List<WorkerVersion> behind,
    List<WorkerVersion> silent,
    Duration took) {

  public Rollout {
    running = List.copyOf(running);
    behind = List.copyOf(behind);
    silent = List.copyOf(silent);
  }

  /** Waits until every worker that is not silent runs a version, or the time is up. */
  public static Rollout await(WorkerVersions workers, long version, Duration longest)
      throws InterruptedException {
    long start = System.nanoTime();
    List<WorkerVersion> behind =
        workers.await(version, longest) ? List.of() : workers.behind(version);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    List<WorkerVersion> silent = workers.silent();
    List<WorkerVersion> running =
        workers.all().stream()
            .filter(worker -> worker.getVersion() == version && !silent.contains(worker))
            .toList();
    return new Rollout(version, running, behind, silent, took);
  }

  /** Returns what is known before the workers are asked. */
  public static ObjectNode json(String modelId, Optional<WeightsChange> change) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("modelId", modelId);
    root.put("changed", change.isPresent());
    change.ifPresent(done -> root.setAll(VersionJson.change(done)));
    return root;
  }

  /** Adds what came of the workers. */
  public void addTo(ObjectNode result) {
    result.put("complete", isComplete());
    result.put("seconds", took.toMillis() / 1000.0);
    add(result.putArray("running"), running);
    add(result.putArray("behind"), behind);
    add(result.putArray("silent"), silent);
  }

  /** Tells whether every worker that is not silent runs the version. */
  public boolean isComplete() {
    return behind.isEmpty();
  }

  /** Says it in a sentence or two. */
  public String describe() {
    String seconds = String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    String unheard = silent.isEmpty() ? "" : " Silent and not waited for: " + names(silent) + ".";
    if (!isComplete()) {
      return "After %s these workers still run another version than %d: %s. Their logs say why.%s"
          .formatted(
              seconds,
              version,
              behind.stream()
                  .map(w -> w.getWorkerId() + " (version " + w.getVersion() + ")")
                  .collect(Collectors.joining(", ")),
              unheard);
    }
    if (running.isEmpty()) {
      return "No worker reports at this moment; each takes version %d up when it starts.%s"
          .formatted(version, unheard);
    }
    return "All %d workers that report run version %d after %s: %s.%s"
        .formatted(running.size(), version, seconds, names(running), unheard);
  }

  private static void add(ArrayNode array, List<WorkerVersion> workers) {
    workers.forEach(worker -> array.add(VersionJson.worker(worker)));
  }

  private static String names(List<WorkerVersion> workers) {
    return workers.stream().map(WorkerVersion::getWorkerId).collect(Collectors.joining(", "));
  }
}
