package io.histoflow.schemas;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

/** The contracts for people, as Markdown: every topic, record and field. */
final class ContractReference {
  private ContractReference() {}

  /** Returns the reference. */
  static String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| topic | key | value | partitions | cleanup | kept | largest record |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    for (TopicSpec<?> spec : Topics.all()) {
      row(text, spec.layout(), spec.key(), "[" + name(spec) + "](#" + anchor(name(spec)) + ")");
    }
    row(text, Topics.TILES_DEAD_LETTER, "as the source", "bytes as at the source");
    Map<String, Schema> records = new LinkedHashMap<>();
    Topics.all().forEach(spec -> collect(spec.schema(), records));
    records.values().forEach(schema -> describe(text, schema));
    return text.toString();
  }

  private static void row(StringBuilder text, TopicLayout layout, String key, String value) {
    String kept = layout.retention() == null ? "for ever" : layout.retention().toDays() + " days";
    text.append("| `").append(layout.name()).append("` | ").append(key).append(" | ").append(value);
    text.append(" | ").append(layout.partitions());
    text.append(" | ").append(layout.cleanup().policy()).append(" | ").append(kept);
    text.append(" | ").append(layout.maxMessageBytes() / (1024 * 1024)).append(" MiB |\n");
  }

  private static String name(TopicSpec<?> spec) {
    return spec.schema().getName();
  }

  private static String anchor(String name) {
    return name.toLowerCase(java.util.Locale.ROOT);
  }

  private static void collect(Schema schema, Map<String, Schema> records) {
    switch (schema.getType()) {
      case RECORD -> {
        if (records.putIfAbsent(schema.getFullName(), schema) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), records));
        }
      }
      case ENUM -> records.putIfAbsent(schema.getFullName(), schema);
      case UNION -> schema.getTypes().forEach(branch -> collect(branch, records));
      case ARRAY -> collect(schema.getElementType(), records);
      case MAP -> collect(schema.getValueType(), records);
      default -> {
        // Primitive types need no section of their own.
      }
    }
  }

  private static void describe(StringBuilder text, Schema schema) {
    text.append("\n### ").append(schema.getName()).append("\n\n");
    text.append(schema.getDoc()).append('\n');
    if (schema.getType() == Schema.Type.ENUM) {
      text.append("\nOne of `").append(String.join("`, `", schema.getEnumSymbols())).append("`.\n");
      return;
    }
    text.append("\n| field | type | meaning |\n|---|---|---|\n");
    for (Field field : schema.getFields()) {
      text.append("| `").append(field.name()).append("` | ").append(type(field.schema()));
      text.append(" | ").append(field.doc()).append(" |\n");
    }
  }

  private static String type(Schema schema) {
    if (schema.getLogicalType() != null) {
      return schema.getLogicalType().getName();
    }
    return switch (schema.getType()) {
      case RECORD, ENUM -> "[" + schema.getName() + "](#" + anchor(schema.getName()) + ")";
      case UNION ->
          schema.getTypes().stream()
              .map(ContractReference::type)
              .collect(Collectors.joining(" or "));
      case ARRAY -> "array of " + type(schema.getElementType());
      case MAP -> "map of " + type(schema.getValueType());
      default -> schema.getType().getName();
    };
  }
}
