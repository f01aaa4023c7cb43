package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.TileNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchSizingTest {

  @Test
  void shouldTakeOneTileForEachUnitThatComputesAlone() {
    // Given two cores, each of which takes a tile alone
    TimedNetwork twoCores = new TimedNetwork(tiles -> (tiles + 1) / 2 * 10_000_000L);

    // When, Then
    assertThat(BatchSizing.measure(twoCores, twoCores::now, 2)).isEqualTo(2);
  }

  @Test
  void shouldTakeAsManyAsItTakesToHideAFixedCost() {
    // Given a device that costs 10 ms a batch and a tenth of a millisecond a tile
    TimedNetwork device = new TimedNetwork(tiles -> 10_000_000 + tiles * 100_000L);

    // When, Then
    assertThat(BatchSizing.measure(device, device::now, 2)).isEqualTo(BatchSizing.LARGEST);
  }

  @Test
  void shouldTakeSingleTilesWhereBatchesWinNothing() {
    TimedNetwork oneCore = new TimedNetwork(tiles -> tiles * 10_000_000L);

    assertThat(BatchSizing.measure(oneCore, oneCore::now, 2)).isEqualTo(1);
  }

  @Test
  void shouldSeeAGainThatTakesTwoDoublings() {
    // Given a pair is no faster than two tiles one after the other, but four are
    TimedNetwork fours =
        new TimedNetwork(tiles -> tiles < 4 ? tiles * 10_000_000L : tiles * 2_500_000L);

    assertThat(BatchSizing.measure(fours, fours::now, 2)).isEqualTo(4);
  }

  @Test
  void shouldTryNoBatchThatTakesLong() {
    // Given a device that would be fastest with large batches, but four tiles take 0.14 s
    TimedNetwork slow = new TimedNetwork(tiles -> 100_000_000 + tiles * 10_000_000L);

    // When, Then
    assertThat(BatchSizing.measure(slow, slow::now, 2)).isEqualTo(4);
    assertThat(slow.largest()).isEqualTo(4);
  }

  @Test
  void shouldTryOneTileForEachCoreHoweverLongItTakes() {
    // Given four cores, each of which takes half a second for a tile
    TimedNetwork slow = new TimedNetwork(tiles -> (tiles + 3) / 4 * 500_000_000L);

    // When, Then
    assertThat(BatchSizing.measure(slow, slow::now, 4)).isEqualTo(4);
    assertThat(slow.largest()).isEqualTo(4);
  }

  private interface Cost {
    long nanos(int tiles);
  }

  /** Takes no time but that of its own clock. */
  private static final class TimedNetwork implements TileNetwork {
    private final Cost cost;
    private long now;
    private int largest;

    TimedNetwork(Cost cost) {
      this.cost = cost;
    }

    long now() {
      return now;
    }

    int largest() {
      return largest;
    }

    @Override
    public List<Segmentation> segment(List<SegmentationInput> inputs) {
      now += cost.nanos(inputs.size());
      largest = Math.max(largest, inputs.size());
      return List.of();
    }

    @Override
    public float[] probabilities(RgbImage image, String organ) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Checkpoint checkpoint() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
