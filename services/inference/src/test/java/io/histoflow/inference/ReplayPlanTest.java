package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ReplayPlanTest {
  private static final TopicPartition PARTITION = new TopicPartition("tiles", 2);

  @Test
  void shouldTakeTheNewestResultOfEachTileWhereItIsOlderThanTheWeightsInForce() {
    // Given
    ReplayPlan.Newest newest = new ReplayPlan.Newest(100);
    newest.add(result("s", "old", 5, 0));
    newest.add(result("s", "done", 6, 0));
    newest.add(result("s", "done", 6, 3));
    newest.add(result("s", "done", 6, 1));
    // The same tile id on another slide is another tile.
    newest.add(result("s2", "old", 9, 3));
    // When
    ReplayPlan plan = newest.plan(3);
    // Then
    assertThat(plan.skipped()).isEqualTo(2);
    assertThat(plan.due().get(PARTITION).keySet()).containsExactly(5L);
    assertThat(plan.due().get(PARTITION).get(5L).tileId()).isEqualTo(TextHash.of("old"));
  }

  @Test
  void shouldRefuseMoreTilesThanThereIsRoomFor() {
    // Given
    ReplayPlan.Newest newest = new ReplayPlan.Newest(2);
    newest.add(result("s", "a", 0, 0));
    newest.add(result("s", "b", 1, 0));
    newest.add(result("s", "b", 1, 1));
    // Then
    assertThatThrownBy(() -> newest.add(result("s", "c", 2, 0)))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("more than 2 tiles")
        .hasMessageContaining("name a slide");
  }

  private static TileSegmented result(String slideId, String tileId, long offset, long version) {
    return TileSegmented.newBuilder()
        .setTileId(tileId)
        .setSlideId(slideId)
        .setOrgan("kidney")
        .setConditionedOn("kidney")
        .setX(0)
        .setY(0)
        .setWidth(1)
        .setHeight(1)
        .setMask(ByteBuffer.allocate(0))
        .setMaskThreshold(0.5)
        .setMeanEntropy(0)
        .setTailEntropy(0)
        .setRoutingScore(0)
        .setRoutingScoreName("none")
        .setPositiveFraction(0)
        .setModelId("model")
        .setModelVersion(version)
        .setTile(new TileLocation(PARTITION.topic(), PARTITION.partition(), offset))
        .setScannedAt(TestTiles.SCANNED_AT)
        .setSegmentedAt(TestTiles.SCANNED_AT)
        .build();
  }
}
