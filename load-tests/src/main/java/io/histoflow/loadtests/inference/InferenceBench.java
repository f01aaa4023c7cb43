package io.histoflow.loadtests.inference;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.loadtests.inference.InferenceBenchResult.Measured;
import io.histoflow.loadtests.inference.InferenceBenchResult.PeerMeasured;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.CpuClock;
import io.histoflow.loadtests.measuring.Lanes;
import io.histoflow.loadtests.measuring.Throughput;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Precision;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Images per second of models, in the precision that inference chooses and in fp32, beside the same
 * weights in Python's PyTorch (on a CPU eager in fp32; on a GPU in half precision, channels-last,
 * eager and compiled). All take turns on one tile, so that other work on the machine meets all of
 * them; decoding of image files is not part of it.
 *
 * @param settings what to measure
 * @param compute where the models run
 * @param peer what to compare with; empty = nothing
 * @param progress told before each turn
 */
public record InferenceBench(
    InferenceBenchSettings settings,
    Compute compute,
    Optional<Peer> peer,
    ProgressListener progress) {
  private static final String PHASE = "inference bench";
  private static final List<Integer> PEER_BATCHES = List.of(1, 4);
  private static final List<Integer> GPU_PEER_BATCHES = List.of(16, 64, 256);

  /** fp32 sums in another order, with statistics that are not folded. */
  private static final double PEER_MAY_DIFFER = 1e-3;

  /** On a GPU both may convolve fp32 in TF32. */
  private static final double GPU_PEER_MAY_DIFFER = 1e-2;

  /**
   * The Python to compare with.
   *
   * @param python its executable
   * @param script {@code pytorch_eager.py}
   */
  public record Peer(String python, Path script) {

    /** Returns the first of the executables that has torch; empty where none has. */
    public static Optional<Peer> find(List<String> pythons, Path script) {
      if (!Files.isRegularFile(script)) {
        return Optional.empty();
      }
      return pythons.stream()
          .filter(PythonPeer::hasTorch)
          .findFirst()
          .map(python -> new Peer(python, script));
    }
  }

  /**
   * Measures one model after the other.
   *
   * @param models by the names that the result gives them
   * @param scratch an empty folder
   * @throws BenchException where the peer computes something else
   * @throws IOException when the folder cannot be written
   * @throws CheckpointRejectedException when a model does not survive being saved
   */
  public InferenceBenchResult run(Map<String, Checkpoint> models, Path scratch)
      throws IOException, CheckpointRejectedException {
    Map<String, Measured> measured = new LinkedHashMap<>();
    for (Map.Entry<String, Checkpoint> model : models.entrySet()) {
      // Files hold some weights in half precision: both sides take what is in the file.
      Path file = scratch.resolve(model.getKey() + ".safetensors");
      model.getValue().save(file);
      measured.put(model.getKey(), measure(model.getKey(), Checkpoint.load(file), file, scratch));
    }
    return new InferenceBenchResult(
        settings, compute, Runtime.getRuntime().availableProcessors(), measured);
  }

  private Measured measure(String name, Checkpoint checkpoint, Path file, Path scratch)
      throws IOException {
    RgbImage tile = new SyntheticTissue(1).tile("lung", 0, settings.tileSide()).image();
    try (Segmenter chosen = Segmenter.open(checkpoint, compute, Precision.AUTO);
        Segmenter fp32 = Segmenter.open(checkpoint, compute);
        PythonPeer python = peer.isPresent() ? start(checkpoint, file, tile, scratch) : null) {
      if (python != null) {
        requireSame(fp32, python, tile, scratch);
      }
      List<Throughput> chosenRounds = new ArrayList<>();
      List<Throughput> fp32Rounds = new ArrayList<>();
      Map<PeerMeasured.Setting, List<Throughput>> peerRounds = new LinkedHashMap<>();
      infer(chosen, tile);
      infer(fp32, tile);
      for (int round = 0; round < settings.rounds(); round++) {
        progress.onProgress(PHASE, round, settings.rounds(), name + ": histoflow");
        chosenRounds.add(infer(chosen, tile));
        fp32Rounds.add(infer(fp32, tile));
        if (python != null) {
          progress.onProgress(PHASE, round, settings.rounds(), name + ": Python's PyTorch");
          for (PeerMeasured.Setting setting : peerSettings(python.ways())) {
            peerRounds
                .computeIfAbsent(setting, key -> new ArrayList<>())
                .add(python.run(setting, settings.seconds()));
          }
        }
      }
      progress.onProgress(PHASE, settings.rounds(), settings.rounds(), name + ": done");
      return new Measured(
          chosen.precision(),
          chosenRounds,
          fp32Rounds,
          python == null
              ? Optional.empty()
              : Optional.of(new PeerMeasured(python.version(), peerRounds)));
    }
  }

  private Throughput infer(Segmenter segmenter, RgbImage tile) {
    List<SegmentationInput> batch =
        Collections.nCopies(
            settings.batch(), new SegmentationInput(tile, ClinSegNetConfig.UNKNOWN));
    AtomicInteger images = new AtomicInteger();
    double cpu = CpuClock.seconds();
    long began = System.nanoTime();
    Lanes.run(
        compute.batchesAtATime(),
        () -> {
          while (System.nanoTime() - began < settings.seconds() * 1e9) {
            segmenter.segment(batch);
            images.addAndGet(batch.size());
          }
        });
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Throughput(images.get(), seconds, CpuClock.seconds() - cpu);
  }

  /** A GPU leaves the threads little to do; a CPU has them do everything. */
  private List<PeerMeasured.Setting> peerSettings(List<String> ways) {
    boolean gpu = compute == Compute.GPU;
    int cores = Runtime.getRuntime().availableProcessors();
    Set<Integer> threads =
        new TreeSet<>(gpu ? List.of(1) : List.of(1, Math.max(1, cores / 2), cores));
    List<PeerMeasured.Setting> all = new ArrayList<>();
    for (String way : ways) {
      for (int count : threads) {
        for (int batch : gpu ? GPU_PEER_BATCHES : PEER_BATCHES) {
          all.add(new PeerMeasured.Setting(way, count, batch));
        }
      }
    }
    return all;
  }

  private PythonPeer start(Checkpoint checkpoint, Path file, RgbImage tile, Path scratch)
      throws IOException {
    int channels = checkpoint.config().inputColour().channels();
    Path input = scratch.resolve("tile.f32");
    Files.write(input, planes(checkpoint.config().inputColour().of(tile.rgb()), channels));
    return new PythonPeer(
        peer.orElseThrow().python(),
        List.of(
            peer.orElseThrow().script().toString(),
            file.toString(),
            input.toString(),
            Integer.toString(channels),
            Integer.toString(tile.height()),
            Integer.toString(tile.width()),
            Integer.toString(checkpoint.config().indexOf(ClinSegNetConfig.UNKNOWN)),
            compute == Compute.GPU ? "cuda" : "cpu"));
  }

  /** Returns the network's input, channel after channel, as little-endian fp32. */
  private static byte[] planes(byte[] interleaved, int channels) {
    ByteBuffer planes =
        ByteBuffer.allocate(Float.BYTES * interleaved.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int channel = 0; channel < channels; channel++) {
      for (int i = channel; i < interleaved.length; i += channels) {
        planes.putFloat((interleaved[i] & 0xff) / 127.5f - 1f);
      }
    }
    return planes.array();
  }

  private void requireSame(Segmenter fp32, PythonPeer python, RgbImage tile, Path scratch)
      throws IOException {
    double most = compute == Compute.GPU ? GPU_PEER_MAY_DIFFER : PEER_MAY_DIFFER;
    float[] ours = fp32.probabilities(tile, ClinSegNetConfig.UNKNOWN);
    float[] theirs = python.probabilities(scratch);
    for (int i = 0; i < ours.length; i++) {
      if (!(Math.abs(ours[i] - theirs[i]) <= most)) {
        throw new BenchException(
            String.format(
                Locale.ROOT,
                "The Python peer computes another network: %f instead of %f at pixel %d.",
                theirs[i],
                ours[i],
                i));
      }
    }
  }
}
