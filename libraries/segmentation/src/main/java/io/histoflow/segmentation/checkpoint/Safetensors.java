package io.histoflow.segmentation.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.segmentation.model.Half;
import io.histoflow.segmentation.model.WeightTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A file of the safetensors format (github.com/huggingface/safetensors): the header's length as 8
 * bytes little-endian, the header as JSON, the tensors' bytes.
 *
 * <p>The metadata that we write hold {@value #CHECKSUM}: the SHA-256 of the whole file with the
 * checksum's own 64 digits taken as zeros, so that one changed byte anywhere is noticed. Files of
 * other writers have none, and may have no metadata; all else is checked in them as well. The same
 * tensors and metadata give the same bytes.
 *
 * <p>It is our own because the format's makers have no library for Java, and because every size
 * must be checked before anything is allocated.
 *
 * @param metadata texts by key, without the checksum
 * @param tensors by name
 */
public record Safetensors(Map<String, String> metadata, Map<String, WeightTensor> tensors) {

  /** Key of the checksum in the metadata. */
  public static final String CHECKSUM = "checksum";

  /** The largest file that is read, in bytes. */
  public static final int MAX_BYTES = 512 << 20;

  private static final int MAX_HEADER_BYTES = 1 << 20;
  private static final int MAX_TENSORS = 4096;
  private static final int MAX_RANK = 8;
  private static final String METADATA = "__metadata__";
  private static final Charset US = StandardCharsets.US_ASCII;
  private static final String NO_DIGITS = "0".repeat(64);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** Keeps the order of the tensors. */
  public Safetensors {
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  private record Entry(String name, String type, List<Integer> shape, long begin, long end) {}

  /**
   * Writes the file.
   *
   * @param compact whether tensors of four dimensions whose every value is a half-precision number
   *     are stored as such: it loses nothing
   */
  public byte[] write(boolean compact) {
    Set<String> half = compact ? halfPrecision() : Set.of();
    ObjectNode header = JSON.createObjectNode();
    ObjectNode texts = header.putObject(METADATA);
    texts.put(CHECKSUM, NO_DIGITS);
    metadata.forEach(texts::put);
    long offset = 0;
    for (Map.Entry<String, WeightTensor> tensor : tensors.entrySet()) {
      boolean stored = half.contains(tensor.getKey());
      ObjectNode node = header.putObject(tensor.getKey());
      node.put("dtype", stored ? "F16" : "F32");
      tensor.getValue().shape().forEach(node.putArray("shape")::add);
      long end = offset + (long) tensor.getValue().values().length * (stored ? 2 : 4);
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = json(header);
    int padding = (8 - json.length % 8) % 8;
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(8 + json.length + padding + offset))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(json.length + padding).put(json).put(" ".repeat(padding).getBytes(US));
    tensors.forEach(
        (name, tensor) -> {
          for (float value : tensor.values()) {
            if (half.contains(name)) {
              out.putShort(Half.fromFloat(value));
            } else {
              out.putFloat(value);
            }
          }
        });
    byte[] file = out.array();
    byte[] digits = sha256(file).getBytes(US);
    System.arraycopy(digits, 0, file, find(file, NO_DIGITS, 8 + json.length), digits.length);
    return file;
  }

  /**
   * Reads and checks a file.
   *
   * @throws CheckpointRejectedException where it is no such file, is truncated, does not match its
   *     checksum if it has one, or holds a value that is no finite number
   */
  public static Safetensors read(byte[] file) throws CheckpointRejectedException {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < 10) {
      throw new CheckpointRejectedException(
          "the weights file has only %d bytes: it is no safetensors file".formatted(file.length));
    }
    long length = in.getLong();
    if (length < 2 || length > MAX_HEADER_BYTES) {
      throw new CheckpointRejectedException(
          "the weights file claims a header of %d bytes (2..%d allowed): it is no safetensors file"
              .formatted(length, MAX_HEADER_BYTES));
    }
    if (length > file.length - 8) {
      throw new CheckpointRejectedException(
          "the weights file is truncated: its header has %d bytes, only %d are there"
              .formatted(length, file.length - 8));
    }
    JsonNode header = header(file, (int) length);
    Map<String, String> metadata = metadata(header);
    List<Entry> entries = entries(header);
    int data = 8 + (int) length;
    checkLayout(entries, file.length - data);
    String checksum = metadata.remove(CHECKSUM);
    if (checksum != null) {
      checkSum(file, data, checksum);
    } else if (metadata.entrySet().stream().anyMatch(Safetensors::isMisnamedChecksum)) {
      throw new CheckpointRejectedException(
          "the weights file is damaged: its checksum has another name than '" + CHECKSUM + "'");
    }
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      tensors.put(entry.name(), tensor(in, entry, data));
    }
    return new Safetensors(metadata, tensors);
  }

  /** Returns the SHA-256 of the bytes as 64 lower-case hex digits. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  private static JsonNode header(byte[] file, int length) throws CheckpointRejectedException {
    JsonNode header;
    try (JsonParser parser = JSON.createParser(file, 8, length)) {
      header = JSON.readTree(parser);
    } catch (IOException e) {
      throw new CheckpointRejectedException(
          "the weights file's header is no valid JSON: the file is damaged or no safetensors file",
          e);
    }
    if (header == null || !header.isObject()) {
      throw new CheckpointRejectedException(
          "the weights file's header is no JSON object: it is no safetensors file");
    }
    return header;
  }

  private static Map<String, String> metadata(JsonNode header) throws CheckpointRejectedException {
    Map<String, String> metadata = new TreeMap<>();
    JsonNode node = header.get(METADATA);
    if (node == null) {
      return metadata;
    }
    if (!node.isObject()) {
      throw new CheckpointRejectedException("the weights file's metadata are no texts by key");
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getValue().isTextual()) {
        throw new CheckpointRejectedException(
            "the weights file's metadata '" + entry.getKey() + "' are no text");
      }
      metadata.put(entry.getKey(), entry.getValue().textValue());
    }
    return metadata;
  }

  private static List<Entry> entries(JsonNode header) throws CheckpointRejectedException {
    int tensors = header.size() - (header.has(METADATA) ? 1 : 0);
    if (tensors > MAX_TENSORS) {
      throw new CheckpointRejectedException(
          "the weights file names %d tensors, more than %d".formatted(tensors, MAX_TENSORS));
    }
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (!entry.getKey().equals(METADATA)) {
        entries.add(entry(entry.getKey(), entry.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin));
    return entries;
  }

  private static Entry entry(String name, JsonNode node) throws CheckpointRejectedException {
    if (!node.isObject()) {
      throw new CheckpointRejectedException(
          "the weights file's header does not describe '%s' as a tensor".formatted(name));
    }
    String type = node.path("dtype").asText();
    if (!type.equals("F32") && !type.equals("F16")) {
      throw new CheckpointRejectedException(
          "tensor '%s' has type '%s': only F32 and F16 are read".formatted(name, type));
    }
    JsonNode sizes = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    boolean valid =
        sizes.isArray()
            && sizes.size() <= MAX_RANK
            && offsets.size() == 2
            && offsets.get(0).canConvertToLong()
            && offsets.get(1).canConvertToLong();
    List<Integer> shape = new ArrayList<>();
    long count = 1;
    for (JsonNode size : sizes) {
      valid &= size.isInt() && size.intValue() >= 1;
      shape.add(size.intValue());
      count = valid ? count * size.intValue() : 0;
      valid &= count <= MAX_BYTES;
    }
    long begin = offsets.path(0).asLong(-1);
    long end = offsets.path(1).asLong(-1);
    if (!valid || begin < 0 || end - begin != count * (type.equals("F16") ? 2 : 4)) {
      throw new CheckpointRejectedException(
          "tensor '%s' has a shape or place in the weights file that does not hold together"
              .formatted(name));
    }
    return new Entry(name, type, shape, begin, end);
  }

  private static void checkLayout(List<Entry> entries, int bytes)
      throws CheckpointRejectedException {
    long expected = 0;
    for (Entry entry : entries) {
      if (entry.begin() != expected) {
        throw new CheckpointRejectedException(
            "tensor '%s' begins at byte %d of the weights, %d was expected"
                .formatted(entry.name(), entry.begin(), expected));
      }
      expected = entry.end();
    }
    if (expected != bytes) {
      throw new CheckpointRejectedException(
          expected > bytes
              ? "the weights file is truncated: %d bytes of weights were promised, %d are there"
                  .formatted(expected, bytes)
              : "the weights file has %d bytes more than its tensors need"
                  .formatted(bytes - expected));
    }
  }

  /** One changed byte must not turn a file with a checksum into one without. */
  private static boolean isMisnamedChecksum(Map.Entry<String, String> text) {
    return text.getKey().length() == CHECKSUM.length()
        && text.getValue().matches("[0-9a-f]{%d}".formatted(NO_DIGITS.length()));
  }

  private static void checkSum(byte[] file, int data, String checksum)
      throws CheckpointRejectedException {
    int at = checksum.length() == NO_DIGITS.length() ? find(file, checksum, data) : -1;
    byte[] blank = file.clone();
    if (at >= 0) {
      System.arraycopy(NO_DIGITS.getBytes(US), 0, blank, at, NO_DIGITS.length());
    }
    if (!sha256(blank).equals(checksum)) {
      throw new CheckpointRejectedException(
          "the weights file is damaged: its checksum does not match its content");
    }
  }

  private static WeightTensor tensor(ByteBuffer in, Entry entry, int data)
      throws CheckpointRejectedException {
    boolean half = entry.type().equals("F16");
    in.position(Math.toIntExact(data + entry.begin()));
    float[] values = new float[(int) ((entry.end() - entry.begin()) / (half ? 2 : 4))];
    for (int i = 0; i < values.length; i++) {
      values[i] = half ? Half.toFloat(in.getShort()) : in.getFloat();
      if (!Float.isFinite(values[i])) {
        throw new CheckpointRejectedException(
            "tensor '%s' holds %s at position %d: such weights would segment nothing"
                .formatted(entry.name(), values[i], i));
      }
    }
    return new WeightTensor(entry.shape(), values);
  }

  private Set<String> halfPrecision() {
    Set<String> names = new HashSet<>();
    tensors.forEach(
        (name, tensor) -> {
          if (tensor.shape().size() == 4 && tensor.equals(tensor.roundedToHalf())) {
            names.add(name);
          }
        });
    return names;
  }

  private static int find(byte[] file, String text, int end) {
    return new String(file, 0, end, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static byte[] json(ObjectNode header) {
    try {
      return JSON.writeValueAsBytes(header);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the header cannot be written", e);
    }
  }
}
