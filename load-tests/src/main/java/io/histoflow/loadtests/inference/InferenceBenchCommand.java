package io.histoflow.loadtests.inference;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.launcher.stack.DataDir;
import io.histoflow.loadtests.inference.InferenceBench.Peer;
import io.histoflow.loadtests.inference.InferenceBenchResult.Measured;
import io.histoflow.loadtests.inference.InferenceBenchResult.PeerMeasured;
import io.histoflow.loadtests.measuring.Bench;
import io.histoflow.loadtests.measuring.SideBySide;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast models segment, beside the same network in Python's PyTorch. */
@Command(
    name = "inference",
    description = {
      "Images per second of one synthetic tile: the paper's network (untrained weights of width 64)"
          + " and the light model that ships, in the precision that inference chooses and in fp32,",
      "beside the same weights in Python's PyTorch - on a CPU eager in fp32, on a GPU in half"
          + " precision, eager and compiled - at the best of its settings of threads and batch. All"
          + " take turns; figures are medians of the rounds."
    },
    mixinStandardHelpOptions = true)
public final class InferenceBenchCommand extends Bench<InferenceBenchSettings, InferenceBenchResult>
    implements Computation {

  private static final int FULL_WIDTH = 64;
  private static final int GPU_BATCH = 64;

  private static final InferenceBenchSettings DEFAULTS = InferenceBenchSettings.defaults();

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Measure this checkpoint instead of the two.")
  private Path model;

  @Option(names = "--rounds", paramLabel = "N", description = "How often all take turns.")
  private int rounds = DEFAULTS.rounds();

  @Option(names = "--seconds", paramLabel = "S", description = "How long a turn lasts at least.")
  private double seconds = DEFAULTS.seconds();

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of the tile.")
  private int tileSize = DEFAULTS.tileSide();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Tiles given to the segmenter at a time (8; 64 on a GPU).")
  private Integer batch;

  @Option(
      names = "--peer-python",
      paramLabel = "FILE",
      description =
          "The Python that has torch; without it the first of python3 and /usr/bin/python3 that"
              + " has.")
  private String python;

  @Mixin private DeviceOption device;

  @Override
  protected InferenceBenchSettings settings() {
    return new InferenceBenchSettings(
        rounds, seconds, tileSize, batch == null ? usualBatch() : batch);
  }

  @Override
  protected InferenceBenchResult measure(InferenceBenchSettings settings, Path folder, Task task)
      throws Exception {
    return new InferenceBench(settings, device.compute(), peer(), task).run(models(), folder);
  }

  private Map<String, Checkpoint> models() throws CheckpointRejectedException {
    if (model != null) {
      Checkpoint checkpoint = Checkpoint.load(model);
      return Map.of(checkpoint.modelId(), checkpoint);
    }
    Checkpoint light = Checkpoint.shipped();
    ClinSegNetConfig full = ClinSegNetConfig.standard(FULL_WIDTH, light.config().organs());
    Map<String, Checkpoint> models = new LinkedHashMap<>();
    models.put(
        "full",
        new Checkpoint(
            Weights.initial(full, 1),
            new CheckpointMetadata(0, 0.5, "nothing", "untrained", Map.of())));
    models.put("light", light);
    return models;
  }

  private Optional<Peer> peer() {
    Path script = DataDir.home().resolve("load-tests/peers/pytorch_eager.py");
    List<String> pythons =
        python == null ? List.of("python3", "/usr/bin/python3") : List.of(python);
    return Peer.find(pythons, script);
  }

  private int usualBatch() {
    return device.compute() == Compute.GPU ? GPU_BATCH : DEFAULTS.batch();
  }

  @Override
  protected String table(InferenceBenchResult result) {
    boolean alone = result.models().values().stream().allMatch(m -> m.peer().isEmpty());
    return rows(result) + (alone ? InferenceBenchResult.NO_PEER + System.lineSeparator() : "");
  }

  private static Table rows(InferenceBenchResult result) {
    Table table =
        new Table("network", "runs in", "images/s, median", "least..most", "CPU ms/image", "ratio");
    result
        .models()
        .forEach(
            (name, measured) -> {
              table.row(
                  name,
                  "histoflow, " + measured.precision().word(),
                  text("%.2f", measured.imagesPerSecond()),
                  text("%.2f..%.2f", measured.spread()[0], measured.spread()[1]),
                  text("%.2f", measured.cpuMillisPerImage()),
                  measured.ratio().map(SideBySide::text).orElse(""));
              fp32AndPeer(table, name, measured);
            });
    return table;
  }

  private static void fp32AndPeer(Table table, String name, Measured measured) {
    table.row(
        name,
        "histoflow, fp32",
        text("%.2f", measured.fp32ImagesPerSecond()),
        "",
        text("%.2f", measured.fp32CpuMillisPerImage()),
        "");
    if (measured.peer().isPresent()) {
      PeerMeasured peer = measured.peer().get();
      table.row(
          name,
          "PyTorch %s, %s, %d threads, batches of %d"
              .formatted(
                  peer.version(), peer.best().way(), peer.best().threads(), peer.best().batch()),
          text("%.2f", peer.imagesPerSecond()),
          text("%.2f..%.2f", peer.spread()[0], peer.spread()[1]),
          text("%.2f", peer.cpuMillisPerImage()),
          "1");
    }
  }
}
