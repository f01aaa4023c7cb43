package io.histoflow.segmentation.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.histoflow.segmentation.architectures.KnownArchitecture;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.segmentation.thresholds.MaskThresholdsJson;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Writes configuration and metadata as the texts that safetensors allow, and reads them. */
final class MetadataCodec {

  /** The kinds of weights files. */
  enum Kind {
    /** Every tensor of a network. */
    CHECKPOINT,
    /** What fine-tuning changes: decoder and conditioning. */
    DECODER;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String FORMAT = "histoflow-weights";
  private static final String FORMAT_VERSION = "1";
  private static final String ARCHITECTURE = "architecture";
  private static final String POOLED_THRESHOLD = "maskThreshold";
  private static final String THRESHOLDS = "maskThresholds";
  private static final String MICRONS = "micronsPerPixel";
  private static final JsonMapper JSON = new JsonMapper();

  private MetadataCodec() {}

  static Map<String, String> header(Kind kind, Architecture config, String fingerprint) {
    Map<String, String> texts = new TreeMap<>();
    texts.put("format", FORMAT);
    texts.put("formatVersion", FORMAT_VERSION);
    texts.put("kind", kind.text());
    texts.put(ARCHITECTURE, config.name());
    texts.putAll(config.options());
    texts.put("encoderFingerprint", fingerprint);
    return texts;
  }

  static Map<String, String> full(
      Architecture config, String fingerprint, CheckpointMetadata metadata) {
    Map<String, String> texts = header(Kind.CHECKPOINT, config, fingerprint);
    texts.put("version", Long.toString(metadata.version()));
    texts.put(POOLED_THRESHOLD, Double.toString(metadata.maskThreshold()));
    // One threshold that guarantees nothing is all that older files know.
    if (!metadata.thresholds().equals(MaskThresholds.uncalibrated(metadata.maskThreshold()))) {
      texts.put(THRESHOLDS, MaskThresholdsJson.write(metadata.thresholds()).toString());
    }
    texts.put("trainingData", metadata.trainingData());
    texts.put("licence", metadata.licence());
    texts.put("metrics", json(metadata.metrics()));
    metadata.micronsPerPixel().ifPresent(microns -> texts.put(MICRONS, Double.toString(microns)));
    return texts;
  }

  private static KnownArchitecture named(String architecture) throws CheckpointRejectedException {
    return KnownArchitecture.inFile(architecture)
        .orElseThrow(
            () ->
                new CheckpointRejectedException(
                    "the weights file has architecture '%s', one of %s was expected"
                        .formatted(architecture, KnownArchitecture.fileNames())));
  }

  /** Checks that the file is of the format, kind and of an architecture that we know. */
  static Architecture config(Kind kind, Map<String, String> texts)
      throws CheckpointRejectedException {
    expect(texts, "format", FORMAT);
    expect(texts, "formatVersion", FORMAT_VERSION);
    expect(texts, "kind", kind.text());
    KnownArchitecture known = named(text(texts, ARCHITECTURE));
    try {
      return known.of(texts);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new CheckpointRejectedException(
          "the weights file describes no network that can be built: " + firstLine(e), e);
    }
  }

  static CheckpointMetadata metadata(Map<String, String> texts) throws CheckpointRejectedException {
    try {
      return new CheckpointMetadata(
          Long.parseLong(text(texts, "version")),
          thresholds(texts),
          text(texts, "trainingData"),
          text(texts, "licence"),
          JSON.readValue(text(texts, "metrics"), new TypeReference<Map<String, Double>>() {}),
          texts.containsKey(MICRONS)
              ? OptionalDouble.of(Double.parseDouble(texts.get(MICRONS)))
              : OptionalDouble.empty());
    } catch (IllegalArgumentException | NullPointerException | JsonProcessingException e) {
      throw new CheckpointRejectedException(
          "the weights file's metadata cannot be used: " + firstLine(e), e);
    }
  }

  private static MaskThresholds thresholds(Map<String, String> texts)
      throws CheckpointRejectedException {
    double pooled = Double.parseDouble(text(texts, POOLED_THRESHOLD));
    String json = texts.get(THRESHOLDS);
    if (json == null) {
      return MaskThresholds.uncalibrated(pooled);
    }
    MaskThresholds thresholds = MaskThresholdsJson.read(json);
    if (thresholds.pooled().threshold() != pooled) {
      throw new IllegalArgumentException(
          "its pooled mask threshold is once %s and once %s"
              .formatted(pooled, thresholds.pooled().threshold()));
    }
    return thresholds;
  }

  static String text(Map<String, String> texts, String key) throws CheckpointRejectedException {
    String text = texts.get(key);
    if (text == null) {
      throw new CheckpointRejectedException("the weights file's metadata lack '" + key + "'");
    }
    return text;
  }

  private static void expect(Map<String, String> texts, String key, String expected)
      throws CheckpointRejectedException {
    String found = text(texts, key);
    if (!found.equals(expected)) {
      throw new CheckpointRejectedException(
          "the weights file has %s '%s', '%s' was expected".formatted(key, found, expected));
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("metadata cannot be written", e);
    }
  }
}
