package io.histoflow.schemas;

/** The Confluent wire format: magic byte 0, schema id (4 bytes, big-endian), Avro binary. */
final class WireFormat {
  static final byte MAGIC = 0;
  static final int HEADER_BYTES = 5;

  private WireFormat() {}
}
