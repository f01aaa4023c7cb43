package io.histoflow.schemas;

import java.util.Map;
import org.apache.avro.Schema.Field;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Copies of records with single fields changed. Avro's own builders copy deeply, and since 1.12.2
 * refuse nested records for it; here nested values are shared.
 */
public final class RecordCopy {
  private RecordCopy() {}

  /**
   * Copies a record.
   *
   * @param record the record; stays as it is
   * @param changes other values, by the names of their fields
   * @param <V> the Avro record
   * @throws IllegalArgumentException where the contract has no such field
   */
  public static <V extends SpecificRecordBase> V with(V record, Map<String, ?> changes) {
    @SuppressWarnings("unchecked")
    Class<V> type = (Class<V>) record.getClass();
    V copy = type.cast(newRecord(type, record));
    for (Field field : record.getSchema().getFields()) {
      copy.put(field.pos(), record.get(field.pos()));
    }
    changes.forEach((name, value) -> copy.put(position(record, name), value));
    return copy;
  }

  private static Object newRecord(Class<? extends SpecificRecord> type, SpecificRecordBase like) {
    return new ContractData(type).newRecord(null, like.getSchema());
  }

  private static int position(SpecificRecordBase record, String name) {
    Field field = record.getSchema().getField(name);
    if (field == null) {
      throw new IllegalArgumentException(
          record.getSchema().getName() + " has no field '" + name + "'");
    }
    return field.pos();
  }
}
