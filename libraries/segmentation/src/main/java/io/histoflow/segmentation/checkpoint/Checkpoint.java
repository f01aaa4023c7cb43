package io.histoflow.segmentation.checkpoint;

import io.histoflow.datasets.OrganName;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.segmentation.checkpoint.MetadataCodec.Kind;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.ParameterCatalogue;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A trained network: architecture, weights and what is known of them. Immutable and on the Java
 * heap only, so it is cheap to pass around and needs no closing.
 */
public final class Checkpoint {

  private static final String SHIPPED = "/io/histoflow/segmentation/light.safetensors";

  /** Trained weights hold up to a few hundred, in the variances of wide stages. */
  private static final float GREATEST_VALUE = 1e6f;

  private static final String VARIANCE = ".runningVar";

  private final Weights weights;
  private final CheckpointMetadata metadata;
  private final String encoderFingerprint;
  private final String sha256;

  /** Makes a checkpoint of weights. */
  public Checkpoint(Weights weights, CheckpointMetadata metadata) {
    this.weights = weights;
    this.metadata = metadata;
    encoderFingerprint = EncoderFingerprint.of(weights);
    sha256 = Safetensors.sha256(toBytes());
  }

  /**
   * Reads a checkpoint file.
   *
   * @throws CheckpointRejectedException where the file cannot be read or used; the message names it
   */
  public static Checkpoint load(Path file) throws CheckpointRejectedException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    } catch (IOException e) {
      throw new CheckpointRejectedException(
          "the weights file %s cannot be read: %s".formatted(file, e), e);
    } catch (CheckpointRejectedException e) {
      throw new CheckpointRejectedException(
          "%s cannot be used: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Reads a checkpoint.
   *
   * @throws CheckpointRejectedException where it is corrupt, truncated, of another architecture, of
   *     wrong shapes, or holds a value that is no finite number or that no training leads to
   */
  public static Checkpoint read(InputStream in) throws IOException, CheckpointRejectedException {
    byte[] bytes = in.readNBytes(Safetensors.MAX_BYTES + 1);
    if (bytes.length > Safetensors.MAX_BYTES) {
      throw new CheckpointRejectedException(
          "the weights file is larger than %d bytes".formatted(Safetensors.MAX_BYTES));
    }
    Safetensors file = Safetensors.read(bytes);
    Architecture config = MetadataCodec.config(Kind.CHECKPOINT, file.metadata());
    CheckpointMetadata metadata = MetadataCodec.metadata(file.metadata());
    Checkpoint checkpoint = new Checkpoint(weights(config, file.tensors()), metadata);
    String claimed = MetadataCodec.text(file.metadata(), "encoderFingerprint");
    if (!claimed.equals(checkpoint.encoderFingerprint)) {
      throw new CheckpointRejectedException(
          "the weights file claims the encoder fingerprint %s, its encoder has %s"
              .formatted(claimed, checkpoint.encoderFingerprint));
    }
    return checkpoint;
  }

  /**
   * Returns the light model that ships inside histoflow; its card lies beside it.
   *
   * @throws IllegalStateException where this build holds none, or a damaged one
   */
  public static Checkpoint shipped() {
    try (InputStream in = Checkpoint.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IllegalStateException(
            "this build ships no model: train one with 'histoflow train' and name it with --model");
      }
      return read(in);
    } catch (IOException | CheckpointRejectedException e) {
      throw new IllegalStateException("the shipped model cannot be used: " + e.getMessage(), e);
    }
  }

  /** Writes the checkpoint; the file appears whole or not at all. */
  public void save(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path partial = absolute.resolveSibling(absolute.getFileName() + ".part");
    Files.write(partial, toBytes());
    Files.move(
        partial, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns the bytes of the checkpoint's file: the same ones for the same checkpoint. */
  public byte[] toBytes() {
    return new Safetensors(
            MetadataCodec.full(config(), encoderFingerprint, metadata), weights.tensors())
        .write(true);
  }

  /** Returns what is known of the weights. */
  public CheckpointMetadata metadata() {
    return metadata;
  }

  /** Returns all tensors. */
  public Weights weights() {
    return weights;
  }

  /** Returns the network's configuration. */
  public Architecture config() {
    return weights.config();
  }

  /** Returns the model's id, which stays the same for every version of its decoder. */
  public String modelId() {
    return "%s-w%d-%s"
        .formatted(
            config().name().toLowerCase(Locale.ROOT),
            config().width(),
            encoderFingerprint.substring(0, 12));
  }

  /** Returns the version of the decoder weights, 0 as trained. */
  public long version() {
    return metadata.version();
  }

  /** Returns the resolution that the model learned at, and so segments at. */
  public ModelResolution resolution() {
    return new ModelResolution(metadata.micronsPerPixel());
  }

  /** Returns the mask thresholds, pooled and by organ, with what they rest on. */
  public MaskThresholds thresholds() {
    return metadata.thresholds();
  }

  /** Returns the pooled mask threshold: for every organ without one of its own. */
  public double maskThreshold() {
    return metadata.maskThreshold();
  }

  /** Returns the probability above which a pixel of a tile of the organ is positive. */
  public double maskThreshold(String organ) {
    return metadata.thresholds().thresholdFor(organ);
  }

  /** Returns the SHA-256 over the frozen encoder, 64 hex digits. */
  public String encoderFingerprint() {
    return encoderFingerprint;
  }

  /** Returns the SHA-256 of the checkpoint's file, 64 hex digits. */
  public String sha256() {
    return sha256;
  }

  /** Returns decoder and conditioning as a safetensors file in float32, bound to this encoder. */
  public byte[] decoderSafetensors() {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec spec : ParameterCatalogue.of(config()).all()) {
      if (spec.group() != ParameterGroup.ENCODER) {
        tensors.put(spec.name(), weights.tensors().get(spec.name()));
      }
    }
    return new Safetensors(
            MetadataCodec.header(Kind.DECODER, config(), encoderFingerprint), tensors)
        .write(false);
  }

  /**
   * Returns this model with another decoder and conditioning and one mask threshold, uncalibrated;
   * as {@link #withDecoder(byte[], long, MaskThresholds)}.
   *
   * @param maskThreshold for every organ, 0..1
   */
  public Checkpoint withDecoder(byte[] safetensors, long version, double maskThreshold)
      throws CheckpointRejectedException {
    if (!(maskThreshold >= 0 && maskThreshold <= 1)) {
      throw new CheckpointRejectedException(
          "decoder weights need a mask threshold in 0..1, not " + maskThreshold);
    }
    return withDecoder(safetensors, version, MaskThresholds.uncalibrated(maskThreshold));
  }

  /**
   * Returns this model with another decoder and conditioning; the file may know other organs.
   *
   * @param safetensors as {@link #decoderSafetensors} writes them
   * @param version of the new weights, 0 or more
   * @param thresholds that belong to them, in place of this model's
   * @throws CheckpointRejectedException where they are corrupt, of another encoder or of wrong
   *     shapes, hold a value that no training leads to, or the version is out of range
   */
  public Checkpoint withDecoder(byte[] safetensors, long version, MaskThresholds thresholds)
      throws CheckpointRejectedException {
    Safetensors file = Safetensors.read(safetensors);
    Architecture changed = MetadataCodec.config(Kind.DECODER, file.metadata());
    String fingerprint = MetadataCodec.text(file.metadata(), "encoderFingerprint");
    if (!fingerprint.equals(encoderFingerprint)) {
      throw new CheckpointRejectedException(
          "the decoder weights belong to encoder %s, this model's is %s"
              .formatted(fingerprint, encoderFingerprint));
    }
    if (version < 0) {
      throw new CheckpointRejectedException(
          "decoder weights need a version of 0 or more, not " + version);
    }
    Map<String, WeightTensor> tensors = new LinkedHashMap<>(file.tensors());
    for (ParameterSpec spec : ParameterCatalogue.of(config()).all()) {
      if (spec.group() == ParameterGroup.ENCODER
          && tensors.put(spec.name(), weights.tensors().get(spec.name())) != null) {
        throw new CheckpointRejectedException(
            "the decoder weights hold the encoder's tensor '%s'".formatted(spec.name()));
      }
    }
    return new Checkpoint(weights(changed, tensors), metadata.with(version, thresholds));
  }

  /** Returns this model under another version, with one uncalibrated mask threshold. */
  public Checkpoint with(long version, double maskThreshold) {
    return with(version, MaskThresholds.uncalibrated(maskThreshold));
  }

  /** Returns this model under another version, with other mask thresholds. */
  public Checkpoint with(long version, MaskThresholds thresholds) {
    return new Checkpoint(weights, metadata.with(version, thresholds));
  }

  /**
   * Returns this model able to tell more organs apart: each new one starts with the embedding of
   * unknown. Organs it knows already, empty names, names that are too long and those beyond the
   * limit are left out and stay unknown.
   */
  public Checkpoint withOrgans(List<String> organs) {
    List<String> added = new ArrayList<>();
    for (String organ : organs) {
      String name = OrganName.of(organ);
      boolean fits =
          config().film()
              && !name.isEmpty()
              && name.length() <= ClinSegNetConfig.MAX_ORGAN_LENGTH
              && config().organs().size() + added.size() < ClinSegNetConfig.MAX_ORGANS;
      if (fits && !config().organs().contains(name) && !added.contains(name)) {
        added.add(name);
      }
    }
    if (added.isEmpty()) {
      return this;
    }
    Architecture grown = config().stages().orElseThrow().withMoreOrgans(added);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>(weights.tensors());
    float[] old = weights.values("embedding.weight");
    int d = config().embeddingSize();
    float[] rows = Arrays.copyOf(old, grown.organs().size() * d);
    for (int row = config().organs().size(); row < grown.organs().size(); row++) {
      System.arraycopy(old, 0, rows, row * d, d);
    }
    tensors.put("embedding.weight", new WeightTensor(List.of(grown.organs().size(), d), rows));
    return new Checkpoint(new Weights(grown, tensors), metadata);
  }

  /**
   * Returns this model with its convolutions rounded to half precision, which halves its file. What
   * it computes is defined by the rounded weights from then on, and its mask thresholds guarantee
   * nothing until they are calibrated again.
   */
  public Checkpoint roundedToHalf() {
    return new Checkpoint(
        weights.map((spec, tensor) -> spec.shape().size() == 4 ? tensor.roundedToHalf() : tensor),
        metadata.with(version(), thresholds().carriedOver(maskThreshold())));
  }

  private static Weights weights(Architecture config, Map<String, WeightTensor> tensors)
      throws CheckpointRejectedException {
    for (Map.Entry<String, WeightTensor> tensor : tensors.entrySet()) {
      requireSane(tensor.getKey(), tensor.getValue().values());
    }
    try {
      return new Weights(config, tensors);
    } catch (IllegalArgumentException e) {
      throw new CheckpointRejectedException("the weights do not fit: " + e.getMessage(), e);
    }
  }

  private static void requireSane(String name, float[] values) throws CheckpointRejectedException {
    float least = name.endsWith(VARIANCE) ? 0 : -GREATEST_VALUE;
    for (float value : values) {
      if (!(value >= least && value <= GREATEST_VALUE)) {
        throw new CheckpointRejectedException(
            "the weights do not fit: tensor '%s' holds %s, where trained ones hold %s to %s"
                .formatted(name, value, least, GREATEST_VALUE));
      }
    }
  }

  @Override
  public String toString() {
    return modelId() + " version " + version();
  }
}
