package io.histoflow.inference;

import io.histoflow.imaging.RgbImage;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.ParentWatch;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.inference.TileNetwork;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;

/** An inference worker whose process ends without a word over a tile of one width. */
public final class DeadlyWorkerProcess {
  static final int DEADLY_WIDTH = 40;

  private DeadlyWorkerProcess() {}

  /**
   * Runs a worker until the process is ended.
   *
   * @param arguments the configuration file
   */
  public static void main(String[] arguments) throws InterruptedException {
    ParentWatch.exitWhenParentDies();
    InferenceService worker =
        new InferenceService(
            ServiceConfig.load(Path.of(arguments[0])), new SimpleMeterRegistry(), Deadly::new);
    worker.start();
    worker.awaitStopped();
  }

  /** The real network, but for tiles of one width. */
  private record Deadly(TileNetwork real) implements TileNetwork {
    Deadly(Checkpoint checkpoint) {
      this(Segmenter.open(checkpoint, Compute.cpu()));
    }

    @Override
    public List<Segmentation> segment(List<SegmentationInput> inputs) {
      if (inputs.stream().anyMatch(input -> input.image().width() == DEADLY_WIDTH)) {
        Runtime.getRuntime().halt(134);
      }
      return real.segment(inputs);
    }

    @Override
    public float[] probabilities(RgbImage image, String organ) {
      return real.probabilities(image, organ);
    }

    @Override
    public Checkpoint checkpoint() {
      return real.checkpoint();
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
