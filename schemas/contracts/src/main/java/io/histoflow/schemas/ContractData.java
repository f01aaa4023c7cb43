package io.histoflow.schemas;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro's data model restricted to the classes of one contract. Avro loads the classes that a schema
 * names, and since 1.12.2 refuses all but those on a list of system properties; here nothing is
 * ever loaded by a name that came with the data.
 */
public final class ContractData extends SpecificData {
  private final Map<String, Class<?>> classes = new HashMap<>();

  /**
   * @param valueType generated class of the contract
   */
  ContractData(Class<? extends SpecificRecord> valueType) {
    super(valueType.getClassLoader());
    collect(SpecificData.getForClass(valueType).getSchema(valueType), valueType.getClassLoader());
  }

  /**
   * Returns what a field of bytes holds.
   *
   * @return the buffer's own array where it holds nothing else, so not to be changed; else a copy
   */
  public static byte[] bytes(ByteBuffer field) {
    if (field.hasArray() && field.remaining() == field.array().length) {
      return field.array();
    }
    byte[] copy = new byte[field.remaining()];
    field.duplicate().get(copy);
    return copy;
  }

  @Override
  public Class<?> getClass(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> classes.get(schema.getFullName());
      default -> super.getClass(schema);
    };
  }

  private void collect(Schema schema, ClassLoader loader) {
    switch (schema.getType()) {
      case RECORD -> {
        Class<?> generated = generated(schema, loader);
        if (classes.put(schema.getFullName(), generated) == null) {
          // Avro finds a field's own conversions, but not those inside a union.
          SpecificData.getForClass(generated)
              .getConversions()
              .forEach(this::addLogicalTypeConversion);
          schema.getFields().forEach(field -> collect(field.schema(), loader));
        }
      }
      case ENUM, FIXED -> classes.put(schema.getFullName(), generated(schema, loader));
      case ARRAY -> collect(schema.getElementType(), loader);
      case MAP -> collect(schema.getValueType(), loader);
      case UNION -> schema.getTypes().forEach(branch -> collect(branch, loader));
      default -> {
        // Primitive types have no generated class.
      }
    }
  }

  private static Class<?> generated(Schema schema, ClassLoader loader) {
    try {
      return Class.forName(schema.getFullName(), false, loader);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("No class was generated for " + schema.getFullName(), e);
    }
  }
}
