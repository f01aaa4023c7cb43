package io.histoflow.schemas;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/**
 * Full compatibility of two versions of a contract: each must be able to read what the other wrote.
 * FULL_TRANSITIVE asks that of the newest version and every earlier one.
 */
final class ContractCompatibility {
  private ContractCompatibility() {}

  /**
   * Compares two versions.
   *
   * @return one phrase per break, each naming the field; empty where they are compatible
   */
  static List<String> breaks(Schema released, Schema current) {
    List<String> breaks = new ArrayList<>();
    incompatibilities(current, released)
        .forEach(i -> breaks.add(phrase(current, i, "cannot be read from earlier records")));
    incompatibilities(released, current)
        .forEach(i -> breaks.add(phrase(released, i, "cannot be read by earlier readers")));
    return breaks;
  }

  private static List<Incompatibility> incompatibilities(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities();
  }

  private static String phrase(Schema reader, Incompatibility incompatibility, String effect) {
    return "field '%s' %s (%s: %s)"
        .formatted(
            FieldPath.of(reader, incompatibility.getLocation()),
            effect,
            incompatibility.getType().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
            incompatibility.getMessage());
  }
}
