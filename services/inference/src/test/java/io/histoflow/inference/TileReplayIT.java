package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.weights.testing.TinyModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TileReplayIT {
  @RegisterExtension static final PlatformExtension PLATFORM = PlatformExtension.fresh();

  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private ServiceConfig config;
  private Laboratory laboratory;

  @BeforeEach
  void open(EmbeddedPlatform platform) throws Exception {
    config =
        platform
            .config()
            .with("histoflow.model.file", TinyModel.save(directory.resolve("tiny")).toString())
            .with("histoflow.device", "cpu")
            .with("histoflow.inference.precision", "fp32")
            .with("histoflow.inference.batch.size", "4");
    laboratory = new Laboratory(config);
  }

  @AfterEach
  void close() {
    laboratory.withdrawWeights(TinyModel.ID);
    laboratory.close();
  }

  @Test
  void shouldSegmentPastTilesAgainWithNewerWeightsOnce() {
    // Given
    List<TileSegmented> before = segmented("slide-a", 7);
    laboratory.publish(TinyModel.weights(TinyModel.retrained(1)).build());
    List<Long> progress = new ArrayList<>();

    // When
    ReplaySummary summary =
        new TileReplay(config)
            .run(slide("slide-a"), (phase, done, total, note) -> progress.add(done));

    // Then
    List<TileSegmented> results = laboratory.results("slide-a");
    List<TileSegmented> again = results.subList(7, results.size());
    assertThat(before)
        .allMatch(result -> !result.getReplayed())
        .allMatch(result -> result.getModelVersion() == 0);
    assertThat(again)
        .hasSize(7)
        .allMatch(TileSegmented::getReplayed)
        .allMatch(result -> result.getModelVersion() == 1);
    assertThat(again)
        .extracting(TileSegmented::getTile)
        .containsExactlyInAnyOrderElementsOf(before.stream().map(TileSegmented::getTile).toList());
    assertThat(summary)
        .isEqualTo(new ReplaySummary(TinyModel.ID, 1, 7, 0, changed(before, again), 0, 0, 1));
    assertThat(progress).isSorted().endsWith(7L);

    // When it is run again
    ReplaySummary second = new TileReplay(config).run(slide("slide-a"), ProgressListener.SILENT);

    // Then
    assertThat(second).isEqualTo(new ReplaySummary(TinyModel.ID, 1, 0, 7, 0, 0, 0, 0));
    assertThat(laboratory.results("slide-a")).hasSize(14);
  }

  @Test
  void shouldReplayBackgroundAsBackgroundByTheNewerWeights() {
    // Given: glass and a tile with tissue
    laboratory.scan(TestTiles.glass("e-glass", "slide-e", 32).build());
    laboratory.scan(TestTiles.tile("e-tissue", "slide-e", 0, 32).build());
    try (InferenceService worker = new InferenceService(config)) {
      worker.start();
      await().atMost(SOON).until(() -> laboratory.results("slide-e").size() == 2);
    }
    laboratory.publish(TinyModel.weights(TinyModel.retrained(5)).build());

    // When
    ReplaySummary summary = new TileReplay(config).run(slide("slide-e"), ProgressListener.SILENT);

    // Then
    List<TileSegmented> results = laboratory.results("slide-e");
    assertThat(summary.tilesReplayed()).isEqualTo(2);
    assertThat(results.subList(2, 4))
        .allMatch(TileSegmented::getReplayed)
        .allMatch(result -> result.getModelVersion() == 5)
        .allMatch(result -> result.getBackground() == result.getTileId().equals("e-glass"));
  }

  @Test
  void shouldReplayWhatIsAskedForOnly() {
    // Given
    segmented("slide-b1", 2);
    segmented("slide-b2", 3);
    laboratory.publish(TinyModel.weights(TinyModel.retrained(2)).build());
    TileReplay replay = new TileReplay(config);
    String organ = TestTiles.tile("t", "s", 0, 16).build().getOrgan();

    // When / Then
    assertThat(replayed(replay, request(Set.of("slide-b1"), "no such organ", null))).isZero();
    assertThat(replayed(replay, request(Set.of("slide-b1"), null, Instant.now()))).isZero();
    assertThat(replayed(replay, request(Set.of("slide-b1"), organ, TestTiles.SCANNED_AT)))
        .isEqualTo(2);
    assertThat(replayed(replay, request(Set.of("slide-b1", "slide-b2"), null, null))).isEqualTo(3);
  }

  @Test
  void shouldReportTilesWhoseImageIsGoneAndReplayTheOthers() throws Exception {
    // Given: the images of all but the last tile of each partition are deleted
    List<TileSegmented> before = segmented("slide-c", 12);
    Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
    before.forEach(
        result ->
            deletions.merge(
                new TopicPartition(result.getTile().getTopic(), result.getTile().getPartition()),
                RecordsToDelete.beforeOffset(result.getTile().getOffset()),
                (a, b) -> a.beforeOffset() > b.beforeOffset() ? a : b));
    try (Admin admin = new KafkaClients(config, "test").admin()) {
      admin.deleteRecords(deletions).all().get();
    }
    laboratory.publish(TinyModel.weights(TinyModel.retrained(3)).build());

    // When
    ReplaySummary summary = new TileReplay(config).run(slide("slide-c"), ProgressListener.SILENT);

    // Then
    assertThat(summary.tilesReplayed()).isEqualTo(deletions.size());
    assertThat(summary.tilesExpired()).isEqualTo(12 - deletions.size());
  }

  @Test
  void shouldTakeNothingFromTheWorkers() {
    // Given
    segmented("slide-d", 3);
    laboratory.publish(TinyModel.weights(TinyModel.retrained(4)).build());
    new TileReplay(config).run(slide("slide-d"), ProgressListener.SILENT);

    // When: a worker comes back and there is one more tile
    List<TileSegmented> more = segmented("slide-d2", 1);

    // Then
    assertThat(more).allMatch(result -> !result.getReplayed());
    assertThat(laboratory.results("slide-d")).hasSize(6);
  }

  @Test
  void shouldRefuseAModelThatCannotBeUsed() {
    // Given
    ServiceConfig broken =
        config.with("histoflow.model.file", directory.resolve("nothing").toString());

    // When / Then
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> new TileReplay(broken).run(ReplayRequest.all(), ProgressListener.SILENT))
        .withMessageContaining("nothing");
  }

  /** Publishes tiles and has a worker segment them. */
  private List<TileSegmented> segmented(String slideId, int tiles) {
    laboratory.scan(slideId, tiles, 32);
    try (InferenceService worker = new InferenceService(config)) {
      worker.start();
      await().atMost(SOON).until(() -> laboratory.results(slideId).size() == tiles);
    }
    return laboratory.results(slideId);
  }

  private static long changed(List<TileSegmented> before, List<TileSegmented> after) {
    Map<String, Double> fractions = new HashMap<>();
    before.forEach(result -> fractions.put(result.getTileId(), result.getPositiveFraction()));
    return after.stream()
        .filter(
            result ->
                Math.abs(result.getPositiveFraction() - fractions.get(result.getTileId())) > 0.01)
        .count();
  }

  private static long replayed(TileReplay replay, ReplayRequest request) {
    return replay.run(request, ProgressListener.SILENT).tilesReplayed();
  }

  private static ReplayRequest slide(String slideId) {
    return request(Set.of(slideId), null, null);
  }

  private static ReplayRequest request(Set<String> slides, String organ, Instant since) {
    return new ReplayRequest(slides, Optional.ofNullable(organ), Optional.ofNullable(since));
  }
}
