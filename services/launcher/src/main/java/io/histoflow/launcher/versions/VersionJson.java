package io.histoflow.launcher.versions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.launcher.versions.Versions.Entry;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MaskCalibration;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WorkerVersion;
import java.util.Locale;
import java.util.Optional;

/** Versions for machines; keys stay. Times are ISO 8601 in UTC. */
public final class VersionJson {
  private VersionJson() {}

  /** Returns all versions and rounds. */
  public static ObjectNode of(Versions versions) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("modelId", versions.model().modelId());
    root.put("inForce", versions.model().inForce());
    versions
        .model()
        .pin()
        .ifPresentOrElse(pin -> root.set("pinned", change(pin)), () -> root.putNull("pinned"));
    ArrayNode entries = root.putArray("versions");
    versions.entries().forEach(entry -> entries.add(entry(versions, entry)));
    ArrayNode changes = root.putArray("changes");
    versions.model().changes().forEach(change -> changes.add(change(change)));
    ArrayNode refused = root.putArray("refused");
    versions.model().refused().forEach(refused::add);
    ArrayNode workers = root.putArray("workers");
    versions
        .workers()
        .forEach(worker -> workers.add(worker(worker).put("silent", versions.isSilent(worker))));
    return root;
  }

  /** Returns one version. */
  public static ObjectNode of(Versions versions, long version) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("modelId", versions.model().modelId());
    root.setAll(entry(versions, versions.entry(version).orElseThrow()));
    ArrayNode changes = root.putArray("changes");
    versions.model().changes().stream()
        .filter(c -> c.getToVersion() == version || c.getFromVersion() == version)
        .forEach(change -> changes.add(change(change)));
    return root;
  }

  static ObjectNode change(WeightsChange change) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", change.getKind().name());
    node.put("fromVersion", change.getFromVersion());
    node.put("toVersion", change.getToVersion());
    node.put("by", change.getBy());
    node.put("reason", change.getReason());
    node.put("changedAt", change.getChangedAt().toString());
    return node;
  }

  static ObjectNode worker(WorkerVersion worker) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("workerId", worker.getWorkerId());
    node.put("version", worker.getVersion());
    node.put("sha256", worker.getSha256());
    node.put("since", worker.getSince().toString());
    node.put("reportedAt", worker.getReportedAt().toString());
    return node;
  }

  private static ObjectNode entry(Versions versions, Entry entry) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("version", entry.version().orElse(null));
    node.put("outcome", entry.outcome().name().toLowerCase(Locale.ROOT));
    Optional<Long> version = entry.version();
    node.put("inForce", version.isPresent() && versions.model().inForce() == version.get());
    node.put("pinned", version.isPresent() && versions.model().isPinned(version.get()));
    ArrayNode workers = node.putArray("workers");
    version.ifPresent(
        present -> versions.running(present).forEach(worker -> workers.add(worker.getWorkerId())));
    entry.decision().ifPresent(decision -> put(node, decision));
    entry.weights().ifPresent(weights -> put(node, weights));
    VersionTable.created(entry).ifPresent(time -> node.put("createdAt", time.toString()));
    VersionTable.before(entry).ifPresent(quality -> node.set("before", quality(quality)));
    VersionTable.after(entry).ifPresent(quality -> node.set("after", quality(quality)));
    if (entry.outcome() == Versions.Outcome.SHIPPED) {
      node.put("maskThreshold", versions.shipped().maskThreshold());
      node.put("sha256", versions.shippedSha256());
      node.put("encoderFingerprint", versions.shipped().encoderFingerprint());
    }
    return node;
  }

  private static void put(ObjectNode node, DecoderDecision decision) {
    node.put("round", decision.getRound());
    node.put("parentVersion", decision.getParentVersion());
    node.put("reason", decision.getReason());
    node.put("heldBack", decision.getHeldBack());
    node.put("examplesUsed", decision.getExamplesUsed());
    node.put("tilesJudgedBySeveral", decision.getTilesJudgedBySeveral());
    node.put("tilesDisagreedOn", decision.getTilesDisagreedOn());
  }

  private static void put(ObjectNode node, DecoderWeights weights) {
    node.put("parentVersion", weights.getParentVersion());
    node.put("examplesUsed", weights.getExamplesUsed());
    node.put("sha256", weights.getSha256());
    node.put("encoderFingerprint", weights.getEncoderFingerprint());
    node.put("maskThreshold", weights.getMaskThreshold());
    MaskCalibration calibration = weights.getCalibration();
    node.put("riskLevel", calibration == null ? null : calibration.getLevel());
    ObjectNode organs = node.putObject("organThresholds");
    if (calibration != null) {
      calibration.getOrgans().forEach((organ, own) -> organs.put(organ, own.getThreshold()));
    }
  }

  private static ObjectNode quality(SegmentationQuality quality) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("images", quality.getImages());
    node.put("threshold", quality.getThreshold());
    node.put("recall", quality.getRecall());
    node.put("precision", quality.getPrecision());
    node.put("dice", quality.getDice());
    node.put("iou", quality.getIou());
    node.put("matchedPrecision", quality.getMatchedPrecision());
    node.put("recallAtMatchedPrecision", quality.getRecallAtMatchedPrecision());
    node.put("averagePrecision", quality.getAveragePrecision());
    return node;
  }
}
