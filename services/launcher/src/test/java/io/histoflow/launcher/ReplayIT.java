package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.inference.InferenceService;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.CommittedRecords;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.routing.RoutingService;
import io.histoflow.scanning.ScanRequest;
import io.histoflow.scanning.SlideScanner;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.weights.testing.Acceptance;
import io.histoflow.weights.testing.TinyModel;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The loop from weights to reports, through the command that a person types. */
@ExtendWith(PlatformExtension.class)
class ReplayIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String ORGAN = "kidney";
  private static final int TILES_A_SLIDE = 16;

  @TempDir private Path folder;
  private KafkaClients clients;

  @Test
  void shouldBringReportsToNewerWeightsAndCountNoTileTwice(EmbeddedPlatform platform)
      throws Exception {
    // Given: two slides, segmented by version 0 and reported
    ServiceConfig config =
        platform
            .config()
            .with("histoflow.model.file", savedModel().toString())
            .with("histoflow.device", "cpu")
            .with("histoflow.scan.tile.size", "64")
            .with("histoflow.routing.audit.share", "0")
            .with("histoflow.routing.audit.background.share", "0")
            .with("histoflow.routing.state.dir", folder.resolve("routing").toString())
            .with("histoflow.reports.update.delay", "200ms");
    clients = new KafkaClients(config, "test");
    try (RoutingService routing = new RoutingService(config);
        InferenceService worker = new InferenceService(config)) {
      routing.start();
      worker.start();
      try (SlideScanner scanner = new SlideScanner(config)) {
        scanner.scan(ScanRequest.of(ORGAN, images()), ProgressListener.SILENT);
      }
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  complete(0) == 2
                      && latest(Topics.ORGANS_THRESHOLDS)
                              .getOrDefault(ORGAN, new OrganThreshold())
                              .getTilesSeen()
                          == 2 * TILES_A_SLIDE);
      OrganThreshold budget = latest(Topics.ORGANS_THRESHOLDS).get(ORGAN);
      Set<String> alerted = latest(Topics.TILES_REVIEW).keySet();

      // When: version 1 comes and one slide is replayed, then everything
      Acceptance.publish(clients, TinyModel.weights(TinyModel.retrained(1)).build());
      Path one = folder.resolve("one.json");
      Path all = folder.resolve("all.json");
      String file = saved(config).toString();
      String slide = latest(Topics.SLIDES_REPORTED).keySet().iterator().next();
      assertThat(run("replay", "--slide", slide, "--config", file, "--json", one.toString()))
          .isZero();
      assertThat(run("replay", "--all", "--config", file, "--json", all.toString())).isZero();

      // Then
      JsonNode first = new ObjectMapper().readTree(one.toFile());
      JsonNode second = new ObjectMapper().readTree(all.toFile());
      assertThat(first.get("tilesReplayed").asInt()).isEqualTo(TILES_A_SLIDE);
      assertThat(first.get("slides").asInt()).isEqualTo(1);
      assertThat(first.get("modelVersion").asInt()).isEqualTo(1);
      assertThat(second.get("tilesReplayed").asInt()).isEqualTo(TILES_A_SLIDE);
      assertThat(second.get("tilesSkipped").asInt()).isEqualTo(TILES_A_SLIDE);
      assertThat(second.get("tilesExpired").asInt()).isZero();
      assertThat(second.get("wallSeconds").asDouble()).isPositive();

      await().atMost(PATIENCE).until(() -> complete(1) == 2);
      assertThat(latest(Topics.SLIDES_REPORTED).values())
          .allSatisfy(
              report -> {
                assertThat(report.getTilesSeen()).isEqualTo(TILES_A_SLIDE);
                assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
                assertThat(report.getModelHistory()).hasSize(2);
              });
      Map<String, ReviewRequested> raised = latest(Topics.TILES_REVIEW);
      assertThat(CommittedRecords.of(clients, Topics.TILES_REVIEW))
          .as("alerts, each tile once")
          .hasSize(raised.size());
      raised.keySet().removeAll(alerted);
      // Whether the tiny network doubts other tiles than before is up to its weights.
      assertThat(raised.values())
          .allMatch(alert -> alert.getReason() == ReviewReason.NEWER_WEIGHTS)
          .allMatch(alert -> alert.getSegmentation().getReplayed());
      assertThat(first.get("alertsRaised").asInt() + second.get("alertsRaised").asInt())
          .isEqualTo(raised.size());
      OrganThreshold after = latest(Topics.ORGANS_THRESHOLDS).get(ORGAN);
      assertThat(after.getTilesSeen()).isEqualTo(budget.getTilesSeen());
      assertThat(after.getTilesRouted()).isEqualTo(budget.getTilesRouted());
      assertThat(after.getSampleCount()).isEqualTo(budget.getSampleCount());
    }
  }

  private static int run(String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine command = Histoflow.commandLine();
    command.setOut(new PrintWriter(out, true));
    int code = command.execute(arguments);
    assertThat(out.toString()).contains("segmented again");
    return code;
  }

  private Path savedModel() throws Exception {
    Path file = folder.resolve("tiny.safetensors");
    TinyModel.checkpoint().save(file);
    return file;
  }

  private Path saved(ServiceConfig config) throws Exception {
    Path file = folder.resolve("cluster.properties");
    Properties properties = new Properties();
    properties.putAll(config.asMap());
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    return file;
  }

  private Path[] images() throws Exception {
    SyntheticTissue tissue = new SyntheticTissue(3);
    Path[] files = new Path[2];
    for (int i = 0; i < files.length; i++) {
      files[i] =
          Files.write(
              folder.resolve("slide-" + i + ".png"),
              RgbPng.encode(tissue.image(ORGAN, i, 256, 256).image()));
    }
    return files;
  }

  private long complete(long version) {
    return latest(Topics.SLIDES_REPORTED).values().stream()
        .filter(report -> report.getStatus() == ReportStatus.COMPLETE)
        .map(SlideReport::getModelVersions)
        .filter(List.of(version)::equals)
        .count();
  }

  private <V extends SpecificRecord> Map<String, V> latest(TopicSpec<V> topic) {
    Map<String, V> latest = new HashMap<>();
    CommittedRecords.of(clients, topic).forEach(record -> latest.put(record.key(), record.value()));
    return latest;
  }
}
