package io.histoflow.schemas;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.avro.Schema;

/** Turns the place where two schemas differ into the name of a field. */
final class FieldPath {
  private FieldPath() {}

  /**
   * Follows a JSON pointer into a schema.
   *
   * @param schema schema that the pointer belongs to
   * @param pointer pointer as Avro's compatibility check gives it, for example {@code
   *     /fields/3/type/1}
   * @return names of the fields on the way, joined by dots, for example {@code tile.offset}; the
   *     record's name where the pointer passes no field
   */
  static String of(Schema schema, String pointer) {
    List<String> names = new ArrayList<>();
    Schema at = schema;
    Iterator<String> steps = List.of(pointer.split("/")).iterator();
    while (steps.hasNext() && at != null) {
      String step = steps.next();
      switch (step) {
        case "fields" -> {
          Schema.Field field = at.getFields().get(Integer.parseInt(steps.next()));
          names.add(field.name());
          at = field.schema();
        }
        case "items" -> at = at.getElementType();
        case "values" -> at = at.getValueType();
        default -> {
          if (at.getType() == Schema.Type.UNION && step.matches("\\d+")) {
            at = at.getTypes().get(Integer.parseInt(step));
          }
        }
      }
    }
    return names.isEmpty() ? schema.getName() : String.join(".", names);
  }
}
