package io.histoflow.schemas;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema.Field;
import org.apache.avro.specific.SpecificRecordBase;

/** Fields of records as plain Java values, as JSON shows them. */
public final class RecordFields {
  private RecordFields() {}

  /**
   * Returns fields by their names, in the order of the names.
   *
   * @param record the record
   * @param names names of its fields
   * @return a new map: numbers and truth values as they are; text, enums and times (ISO 8601, UTC)
   *     as strings; nested records as maps of all their fields; null where the record holds null
   * @throws org.apache.avro.AvroRuntimeException where the contract has no such field
   */
  public static Map<String, Object> of(SpecificRecordBase record, String... names) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (String name : names) {
      fields.put(name, plain(record.get(name)));
    }
    return fields;
  }

  private static Object plain(Object value) {
    if (value instanceof SpecificRecordBase nested) {
      return of(
          nested, nested.getSchema().getFields().stream().map(Field::name).toArray(String[]::new));
    }
    if (value instanceof List<?> items) {
      return items.stream().map(RecordFields::plain).toList();
    }
    return value instanceof Instant || value instanceof Enum ? value.toString() : value;
  }
}
