package io.histoflow.segmentation.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.segmentation.thresholds.MaskThresholdsJson;
import java.util.Arrays;
import java.util.List;
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
  private static final String ARCHITECTURE = "ClinSegNet";
  private static final String POOLED_THRESHOLD = "maskThreshold";
  private static final String THRESHOLDS = "maskThresholds";
  private static final String MICRONS = "micronsPerPixel";
  private static final JsonMapper JSON = new JsonMapper();

  private MetadataCodec() {}

  static Map<String, String> header(Kind kind, ClinSegNetConfig config, String fingerprint) {
    Map<String, String> texts = new TreeMap<>();
    texts.put("format", FORMAT);
    texts.put("formatVersion", FORMAT_VERSION);
    texts.put("kind", kind.text());
    texts.put("architecture", ARCHITECTURE);
    texts.put("width", Integer.toString(config.width()));
    texts.put("organs", json(config.organs()));
    texts.put("embeddingSize", Integer.toString(config.embeddingSize()));
    texts.put("squeezeExcitation", Boolean.toString(config.squeezeExcitation()));
    texts.put("film", Boolean.toString(config.film()));
    texts.put("edgeHead", Boolean.toString(config.edgeHead()));
    texts.put("inputColour", config.inputColour().name());
    texts.put("encoderFingerprint", fingerprint);
    return texts;
  }

  static Map<String, String> full(
      ClinSegNetConfig config, String fingerprint, CheckpointMetadata metadata) {
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

  /** Checks that the file is of the format, kind and architecture that we read. */
  static ClinSegNetConfig config(Kind kind, Map<String, String> texts)
      throws CheckpointRejectedException {
    expect(texts, "format", FORMAT);
    expect(texts, "formatVersion", FORMAT_VERSION);
    expect(texts, "kind", kind.text());
    expect(texts, "architecture", ARCHITECTURE);
    try {
      return new ClinSegNetConfig(
          Integer.parseInt(text(texts, "width")),
          JSON.readValue(text(texts, "organs"), new TypeReference<List<String>>() {}),
          Integer.parseInt(text(texts, "embeddingSize")),
          flag(texts, "squeezeExcitation"),
          flag(texts, "film"),
          flag(texts, "edgeHead"),
          colour(text(texts, "inputColour")));
    } catch (IllegalArgumentException | NullPointerException | JsonProcessingException e) {
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

  private static boolean flag(Map<String, String> texts, String key)
      throws CheckpointRejectedException {
    String text = text(texts, key);
    if (!text.equals("true") && !text.equals("false")) {
      throw new CheckpointRejectedException(
          "the weights file's metadata '%s' must be true or false, not '%s'".formatted(key, text));
    }
    return text.equals("true");
  }

  private static InputColour colour(String name) throws CheckpointRejectedException {
    for (InputColour colour : InputColour.values()) {
      if (colour.name().equals(name)) {
        return colour;
      }
    }
    throw new CheckpointRejectedException(
        "the weights file's network sees colours as '%s', which this version does not know; it knows %s"
            .formatted(name, Arrays.toString(InputColour.values())));
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
