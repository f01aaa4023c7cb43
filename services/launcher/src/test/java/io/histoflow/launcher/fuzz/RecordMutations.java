package io.histoflow.launcher.fuzz;

import io.histoflow.schemas.Cleanup;
import io.histoflow.schemas.TopicSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Records that no scanner should publish: of every topic, by its schema. Most are valid but for one
 * field that is as far out as its type allows; others are good bytes that were damaged, or no Avro
 * at all. The same seed gives the same records.
 */
final class RecordMutations {
  private final Random random;
  private final Serializer<SpecificRecord> serializer;
  private final String modelId;
  private final byte[] image;
  private final List<byte[]> badImages;

  /**
   * @param seed of the choices
   * @param serializer writes records as their topics hold them
   * @param modelId the model that workers run, so that records on it are not passed over
   * @param image a good tile of 256 x 256 pixels
   */
  RecordMutations(long seed, Serializer<SpecificRecord> serializer, String modelId, byte[] image) {
    this.random = new Random(seed);
    this.serializer = serializer;
    this.modelId = modelId;
    this.image = image.clone();
    this.badImages = List.of(hugeTiffTile(), hugePng(), cut(image), new byte[] {0x49, 0x49});
  }

  /** Makes a record of a topic that something is wrong with, or may be. */
  ProducerRecord<byte[], byte[]> next(TopicSpec<?> topic) {
    SpecificRecord good = filled(topic.valueType());
    byte[] key = key(topic, good);
    return switch (random.nextInt(10)) {
      case 0 -> record(topic, key, noise(random.nextInt(200)));
      case 1 -> record(topic, key, startOf(serializer.serialize(topic.name(), good)));
      case 2 -> record(topic, key, damaged(serializer.serialize(topic.name(), good)));
      case 3 -> record(topic, anyKey(topic), bytes(topic, good));
      default -> {
        SpecificRecord odd = oneFieldOdd(good);
        byte[] oddKey = random.nextInt(4) == 0 ? key : key(topic, odd);
        yield record(topic, oddKey, bytes(topic, odd));
      }
    };
  }

  /** Brokers themselves refuse records without a key on topics that are compacted. */
  private byte[] anyKey(TopicSpec<?> topic) {
    return topic.cleanup() == Cleanup.DELETE && random.nextBoolean() ? null : noise(40);
  }

  private static ProducerRecord<byte[], byte[]> record(
      TopicSpec<?> topic, byte[] key, byte[] value) {
    return new ProducerRecord<>(topic.name(), key, value);
  }

  private byte[] bytes(TopicSpec<?> topic, SpecificRecord record) {
    byte[] bytes = serializer.serialize(topic.name(), record);
    return bytes.length < topic.maxMessageBytes() - 10_000 ? bytes : noise(10);
  }

  /** A record whose every field is in order. */
  private SpecificRecord filled(Class<? extends SpecificRecord> type) {
    return (SpecificRecord) good(newRecord(type).getSchema(), "");
  }

  private Object good(Schema schema, String field) {
    if (schema.getLogicalType() != null) {
      return Instant.ofEpochMilli(1_700_000_000_000L);
    }
    return switch (schema.getType()) {
      case STRING -> text(field);
      case INT -> 256;
      case LONG -> 1L;
      case DOUBLE -> 0.5;
      case BOOLEAN -> false;
      case BYTES -> ByteBuffer.wrap(image);
      case ENUM -> symbol(schema, 1);
      case ARRAY -> new ArrayList<>(List.of(good(schema.getElementType(), field)));
      case MAP -> Map.of("0", good(schema.getValueType(), field));
      case UNION -> good(nonNull(schema), field);
      case RECORD -> {
        SpecificRecord record = newRecord(schema);
        for (Schema.Field f : schema.getFields()) {
          record.put(f.pos(), good(f.schema(), f.name()));
        }
        yield record;
      }
      default -> throw new IllegalStateException("no contract has a field of type " + schema);
    };
  }

  private static SpecificRecord newRecord(Schema schema) {
    return newRecord(type(schema).asSubclass(SpecificRecord.class));
  }

  private static <R> R newRecord(Class<R> type) {
    try {
      return type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Avro itself would make classes of names that it trusts only. */
  private static Class<?> type(Schema schema) {
    try {
      return Class.forName(schema.getFullName());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object symbol(Schema schema, int index) {
    return type(schema).getEnumConstants()[index];
  }

  private String text(String field) {
    return switch (field) {
      case "modelId" -> modelId;
      case "organ" -> "kidney";
      case "topic" -> "histoflow.tiles.scanned.v1";
      default -> "fuzz-" + random.nextInt(50);
    };
  }

  private SpecificRecord oneFieldOdd(SpecificRecord good) {
    List<Schema.Field> fields = good.getSchema().getFields();
    Schema.Field field = fields.get(random.nextInt(fields.size()));
    Object now = good.get(field.pos());
    good.put(
        field.pos(),
        now instanceof SpecificRecord inner && random.nextInt(4) > 0
            ? oneFieldOdd(inner)
            : odd(field.schema(), now));
    return good;
  }

  private Object odd(Schema schema, Object now) {
    if (schema.getLogicalType() != null) {
      return oneOf(
          Instant.ofEpochMilli(Long.MAX_VALUE),
          Instant.ofEpochMilli(Long.MIN_VALUE),
          Instant.EPOCH,
          Instant.ofEpochMilli(4_000_000_000_000L));
    }
    return switch (schema.getType()) {
      case STRING ->
          oneOf(
              "",
              " ",
              "a\0b",
              "a\u202Eb",
              "\u200B",
              "Iİı",
              "x".repeat(300),
              "=1+1",
              "../../etc",
              "ä".repeat(200_000),
              "<script>",
              "9223372036854775807");
      case INT -> oneOf(Integer.MIN_VALUE, -1, 0, 1, 4097, 1 << 30, Integer.MAX_VALUE);
      case LONG -> oneOf(Long.MIN_VALUE, -1L, 0L, 1L << 53, Long.MAX_VALUE);
      case DOUBLE ->
          oneOf(
              Double.NaN,
              Double.POSITIVE_INFINITY,
              Double.NEGATIVE_INFINITY,
              -1.0,
              0.0,
              1.0,
              25e3,
              Double.MAX_VALUE,
              Double.MIN_VALUE);
      case BOOLEAN -> !(Boolean) now;
      case BYTES ->
          ByteBuffer.wrap(
              random.nextInt(3) == 0
                  ? noise(random.nextInt(1000))
                  : badImages.get(random.nextInt(badImages.size())));
      case ENUM -> symbol(schema, random.nextInt(schema.getEnumSymbols().size()));
      case ARRAY ->
          IntStream.range(0, random.nextInt(3) * 1000)
              .mapToObj(i -> good(schema.getElementType(), ""))
              .collect(Collectors.toCollection(ArrayList::new));
      case MAP ->
          Map.of(
              oneOf("", "-1", "9223372036854775807", "x").toString(),
              good(schema.getValueType(), ""));
      case UNION -> random.nextBoolean() && allowsNull(schema) ? null : odd(nonNull(schema), now);
      default -> now;
    };
  }

  private static boolean allowsNull(Schema union) {
    return union.getTypes().stream().anyMatch(type -> type.getType() == Schema.Type.NULL);
  }

  private static Schema nonNull(Schema union) {
    return union.getTypes().stream()
        .filter(type -> type.getType() != Schema.Type.NULL)
        .findFirst()
        .orElseThrow();
  }

  private static byte[] key(TopicSpec<?> topic, SpecificRecord record) {
    String key = topic.key();
    for (Schema.Field field : record.getSchema().getFields()) {
      key = key.replaceAll("\\b" + field.name() + "\\b", "\u0001" + field.pos() + "\u0002");
    }
    for (Schema.Field field : record.getSchema().getFields()) {
      key = key.replace("\u0001" + field.pos() + "\u0002", String.valueOf(record.get(field.pos())));
    }
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The wire format's first bytes, then noise. */
  private byte[] startOf(byte[] record) {
    byte[] bytes = noise(5 + random.nextInt(100));
    System.arraycopy(record, 0, bytes, 0, 5);
    return bytes;
  }

  private byte[] damaged(byte[] record) {
    byte[] bytes = random.nextBoolean() ? record.clone() : cut(record);
    for (int i = 0; i < 1 + random.nextInt(8) && bytes.length > 5; i++) {
      bytes[5 + random.nextInt(bytes.length - 5)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private byte[] cut(byte[] bytes) {
    return Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  private Object oneOf(Object... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** A TIFF of 64 x 64 pixels whose one tile claims to be as large as a number can say. */
  private static byte[] hugeTiffTile() {
    int[][] tags = {
      {256, 64},
      {257, 64},
      {258, 8},
      {259, 1},
      {262, 1},
      {277, 1},
      {322, Integer.MAX_VALUE},
      {323, Integer.MAX_VALUE},
      {324, 8},
      {325, 16}
    };
    ByteBuffer tiff = ByteBuffer.allocate(8 + 2 + 12 * tags.length + 4);
    tiff.order(ByteOrder.LITTLE_ENDIAN);
    tiff.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
    tiff.putShort((short) tags.length);
    for (int[] tag : tags) {
      tiff.putShort((short) tag[0]).putShort((short) 4).putInt(1).putInt(tag[1]);
    }
    return tiff.putInt(0).array();
  }

  /** The header of a PNG of 2^31 - 1 pixels a side in 16-bit RGBA. */
  private static byte[] hugePng() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      bytes.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
      ByteBuffer chunk = ByteBuffer.allocate(17);
      chunk.put("IHDR".getBytes(StandardCharsets.US_ASCII));
      chunk.putInt(Integer.MAX_VALUE).putInt(Integer.MAX_VALUE);
      chunk.put(new byte[] {16, 6, 0, 0, 0});
      CRC32 crc = new CRC32();
      crc.update(chunk.array());
      bytes.write(ByteBuffer.allocate(4).putInt(13).array());
      bytes.write(chunk.array());
      bytes.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
