/**
 * The contracts of histoflow: Avro records, the catalogue of topics and subjects, and serdes in the
 * Confluent wire format.
 *
 * <p>Record classes are generated from {@code src/main/avro}; what is hand-written here reads and
 * writes them and keeps topics and subjects as the catalogue says.
 */
package io.histoflow.schemas;
