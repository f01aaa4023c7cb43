package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.WorkerVersion;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.testing.Acceptance;
import io.histoflow.weights.versions.WeightRecords;
import io.histoflow.weights.versions.WeightTransactions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A person at the command line, before a history of three rounds and a worker that reports. */
@ExtendWith(PlatformExtension.class)
class WeightsCommandIT {
  @TempDir private Path folder;
  private Checkpoint shipped;
  private ServiceConfig config;
  private Path configFile;
  private StringWriter out;
  private StringWriter err;

  @Test
  void shouldListShowRollBackPinAndUnpin(EmbeddedPlatform platform) throws Exception {
    // Given: version 1 accepted, a round refused, version 2 accepted; the worker runs version 2
    open(platform);
    round(1, 0, 1L, "Accepted: better.");
    round(2, 1, null, "Refused: worse.");
    round(3, 1, 2L, "Accepted: better still.");
    workerRuns(2);

    // When
    JsonNode list = json("list", "--plot", folder.resolve("rounds.png").toString());
    // Then
    assertThat(list.path("modelId").asText()).isEqualTo(shipped.modelId());
    assertThat(list.path("inForce").asLong()).isEqualTo(2);
    assertThat(list.path("pinned").isNull()).isTrue();
    assertThat(list.path("versions").findValuesAsText("outcome"))
        .containsExactly("shipped", "accepted", "refused", "accepted");
    assertThat(list.path("versions").get(3).path("inForce").asBoolean()).isTrue();
    assertThat(list.path("versions").get(3).path("workers").get(0).asText()).isEqualTo("gpu-1");
    assertThat(list.path("versions").get(3).path("after").path("averagePrecision").asDouble())
        .isEqualTo(0.80 + 0.03);
    assertThat(list.path("workers").get(0).path("silent").asBoolean()).isFalse();
    assertThat(out.toString())
        .contains("0.8000 -> 0.8300", "in force", "refused", "as shipped")
        .contains("1 (worker gpu-1)", "none");
    assertThat(ImageIO.read(folder.resolve("rounds.png").toFile()).getWidth()).isGreaterThan(1_000);

    // When
    JsonNode show = json("show", "2");
    // Then
    assertThat(show.path("parentVersion").asLong()).isEqualTo(1);
    assertThat(show.path("sha256").asText()).hasSize(64);
    assertThat(show.path("tilesDisagreedOn").asInt()).isEqualTo(1);
    assertThat(out.toString())
        .contains("Accepted: better still.", "5 tiles judged by several, on 1 of them")
        .contains(shipped.encoderFingerprint());

    // When the worker does not follow
    int behind = run("rollback", "1", "--wait", "1", "--by", "anna", "--reason", "too many misses");
    // Then
    assertThat(behind).isEqualTo(1);
    assertThat(out.toString()).contains("Version 1 of", "in place of version 2");
    assertThat(err.toString())
        .contains("still run another version than 1: gpu-1 (version 2)")
        .doesNotContain("\tat ");

    // When it has followed
    workerRuns(1);
    JsonNode again = json("rollback", "1");
    // Then
    assertThat(again.path("changed").asBoolean()).isFalse();
    assertThat(again.path("complete").asBoolean()).isTrue();
    assertThat(again.path("running").findValuesAsText("workerId")).containsExactly("gpu-1");
    assertThat(out.toString()).contains("in force already", "All 1 workers");

    // When
    JsonNode pin = json("pin", "1", "--by", "bert", "--wait", "0");
    // Then
    assertThat(pin.path("kind").asText()).isEqualTo("PINNED");
    assertThat(pin.path("toVersion").asLong()).isEqualTo(1);
    assertThat(run("rollback", "2")).isEqualTo(1);
    assertThat(err.toString()).contains("was pinned by bert: unpin it first");

    // When
    JsonNode unpin = json("unpin");
    // Then
    assertThat(unpin.path("kind").asText()).isEqualTo("UNPINNED");
    assertThat(json("list").path("changes").findValuesAsText("kind"))
        .containsExactly("ROLLED_BACK", "PINNED", "UNPINNED");
    assertThat(json("list").path("changes").get(0).path("reason").asText())
        .isEqualTo("too many misses");

    // When somebody puts weights on their topic that nobody accepted
    forge(99);
    // Then they are listed as what they are
    assertThat(json("list").path("inForce").asLong()).isEqualTo(1);
    assertThat(json("list").path("refused").get(0).asText()).startsWith("Weights version 99 of ");
    assertThat(out.toString()).contains("in force nowhere: Weights version 99 of");

    // When / Then
    assertThat(run("show", "9")).isEqualTo(1);
    assertThat(err.toString()).contains("There is no version 9");
    assertThat(run("rollback", "--wait=-1", "1")).isEqualTo(2);
    assertThat(err.toString()).contains("--wait must be 0 or more");
  }

  private void open(EmbeddedPlatform platform) throws Exception {
    shipped =
        new Checkpoint(
            Weights.initial(ClinSegNetConfig.standard(4, List.of("unknown", "kidney")), 77),
            new CheckpointMetadata(0, 0.5, "nothing: random weights", "none", Map.of()));
    Path model = folder.resolve("tiny.safetensors");
    shipped.save(model);
    config = platform.config().with("histoflow.model.file", model.toString());
    configFile = folder.resolve("cluster.properties");
    Properties properties = new Properties();
    properties.putAll(config.asMap());
    try (var stream = Files.newOutputStream(configFile)) {
      properties.store(stream, null);
    }
  }

  private void round(long round, long parent, Long version, String reason) throws Exception {
    DecoderDecision decision =
        DecoderDecision.newBuilder()
            .setModelId(shipped.modelId())
            .setRound(round)
            .setParentVersion(parent)
            .setCandidateVersion(version)
            .setAccepted(version != null)
            .setReason(reason)
            .setBefore(quality(0.80))
            .setAfter(quality(0.80 + round / 100.0))
            .setExamplesUsed(12)
            .setCorrectionOffsets(Map.of())
            .setDecidedAt(Instant.parse("2026-01-0" + round + "T12:00:00Z"))
            .setTilesJudgedBySeveral(5)
            .setTilesDisagreedOn(1)
            .build();
    KafkaClients clients = new KafkaClients(config, "weights-test");
    try (WeightRecords records = new WeightRecords(clients, WeightsKeys.none());
        TransactionalPublisher publisher =
            WeightTransactions.of(
                clients,
                shipped.modelId(),
                Duration.ofSeconds(30),
                "another writer",
                InstantSource.system())) {
      List<ProducerRecord<byte[], byte[]>> transaction = new ArrayList<>();
      transaction.add(records.decision(decision));
      if (version != null) {
        DecoderWeights weights = weights(version, decision);
        transaction.add(records.archived(weights));
        transaction.add(records.inForce(weights));
      }
      publisher.open();
      publisher.publish(transaction);
    }
  }

  private void forge(long version) {
    KafkaClients clients = new KafkaClients(config, "forger");
    try (WeightRecords records = new WeightRecords(clients, WeightsKeys.none())) {
      DecoderDecision decision =
          DecoderDecision.newBuilder()
              .setModelId(shipped.modelId())
              .setRound(1)
              .setParentVersion(0)
              .setAccepted(false)
              .setReason("none")
              .setBefore(quality(0.8))
              .setAfter(quality(0.8))
              .setExamplesUsed(0)
              .setCorrectionOffsets(Map.of())
              .setDecidedAt(Instant.EPOCH)
              .build();
      Acceptance.publish(
          clients, shipped.modelId(), List.of(records.inForce(weights(version, decision))));
    }
  }

  private DecoderWeights weights(long version, DecoderDecision decision) {
    byte[] safetensors = shipped.decoderSafetensors();
    return DecoderWeights.newBuilder()
        .setModelId(shipped.modelId())
        .setVersion(version)
        .setParentVersion(decision.getParentVersion())
        .setEncoderFingerprint(shipped.encoderFingerprint())
        .setSha256(Safetensors.sha256(safetensors))
        .setSafetensors(ByteBuffer.wrap(safetensors))
        .setMaskThreshold(0.4)
        .setBefore(decision.getBefore())
        .setAfter(decision.getAfter())
        .setExamplesUsed(12)
        .setCreatedAt(decision.getDecidedAt())
        .build();
  }

  private static SegmentationQuality quality(double figure) {
    return SegmentationQuality.newBuilder()
        .setImages(4)
        .setThreshold(0.5)
        .setRecall(figure)
        .setMatchedPrecision(0.7)
        .setRecallAtMatchedPrecision(figure)
        .setAveragePrecision(figure)
        .build();
  }

  private void workerRuns(long version) throws Exception {
    Instant now = Instant.now();
    WorkerVersion report =
        WorkerVersion.newBuilder()
            .setWorkerId("gpu-1")
            .setModelId(shipped.modelId())
            .setVersion(version)
            .setSha256("")
            .setSince(now)
            .setReportIntervalMillis(Duration.ofHours(1).toMillis())
            .setReportedAt(now)
            .build();
    try (Producer<String, WorkerVersion> producer =
        new KafkaClients(config, "worker").producer(Topics.WORKERS_VERSIONS, Map.of())) {
      var unused =
          producer
              .send(new ProducerRecord<>(Topics.WORKERS_VERSIONS.name(), "gpu-1", report))
              .get();
    }
  }

  private JsonNode json(String... args) throws Exception {
    Path file = folder.resolve("result.json");
    Files.deleteIfExists(file);
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--json", file.toString()));
    int code = run(all.toArray(String[]::new));
    assertThat(code).as(err.toString()).isZero();
    return new ObjectMapper().readTree(file.toFile());
  }

  private int run(String... args) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine command = Histoflow.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("weights"));
    all.addAll(List.of(args));
    all.addAll(List.of("--config", configFile.toString()));
    return command.execute(all.toArray(String[]::new));
  }
}
