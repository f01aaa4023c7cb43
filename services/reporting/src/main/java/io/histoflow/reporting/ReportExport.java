package io.histoflow.reporting;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.histoflow.schemas.RecordFields;
import io.histoflow.schemas.SlideReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Writes every slide of a {@link ReportStore} as {@code slides.csv} (RFC 4180) and {@code
 * slides.json} ({@code {"slides": [...]}}), in UTF-8, with times in ISO 8601 (UTC). A file is
 * replaced as a whole, so a reader never sees half of it.
 */
public final class ReportExport {
  /** Name of the CSV file. */
  public static final String CSV = "slides.csv";

  /** Name of the JSON file. */
  public static final String JSON = "slides.json";

  /** What a spreadsheet takes for the start of a formula, in wide characters too. */
  private static final String FORMULA_STARTS = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE).build();

  private ReportExport() {}

  /**
   * Writes both files.
   *
   * @param store the slides
   * @param directory where the files go; created where it is absent
   * @throws IOException where a file cannot be written
   */
  public static void write(ReportStore store, Path directory) throws IOException {
    write(store, directory, ExpectedRecall.UNKNOWN);
  }

  /** As the other, with the recall that a slide's reader may expect, in the JSON. */
  static void write(ReportStore store, Path directory, ExpectedRecall expected) throws IOException {
    Files.createDirectories(directory);
    replace(directory.resolve(CSV), writer -> writeCsv(store, writer));
    replace(directory.resolve(JSON), writer -> writeJson(store, expected, writer));
  }

  /**
   * Writes the slides as CSV. Text that a spreadsheet would take for a formula gets an apostrophe
   * in front: ids and organs come from scanners.
   */
  static void writeCsv(ReportStore store, Writer writer) throws IOException {
    CSVPrinter printer = new CSVPrinter(writer, CSVFormat.RFC4180);
    printer.printRecord(Column.all().map(Column::title));
    store.forEach(
        report ->
            unchecked(() -> printer.printRecord(Column.all().map(each -> cell(each, report)))));
    printer.flush();
  }

  /** Writes the slides as JSON; what is not known is null. */
  static void writeJson(ReportStore store, ExpectedRecall expected, Writer writer)
      throws IOException {
    String[] fields = Column.all().map(Column::field).toArray(String[]::new);
    JsonGenerator json = MAPPER.createGenerator(writer).useDefaultPrettyPrinter();
    json.writeStartObject();
    json.writeArrayFieldStart("slides");
    store.forEach(report -> unchecked(() -> json.writePOJO(shown(report, fields, expected))));
    json.writeEndArray();
    json.writeEndObject();
    json.flush();
  }

  private static Map<String, Object> shown(
      SlideReport report, String[] fields, ExpectedRecall expected) {
    Map<String, Object> shown = new LinkedHashMap<>(RecordFields.of(report, fields));
    shown.put("expectedRecall", expected.of(report).orElse(null));
    return shown;
  }

  private static Object cell(Column column, SlideReport report) {
    return report.get(column.field()) instanceof String text
        ? harmless(text)
        : column.write(report);
  }

  private static String harmless(String text) {
    String seen = text.strip();
    return !seen.isEmpty() && FORMULA_STARTS.indexOf(seen.charAt(0)) >= 0 ? "'" + text : text;
  }

  private static void replace(Path file, Content content) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      try (Writer writer = Files.newBufferedWriter(next)) {
        content.write(writer);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      Files.deleteIfExists(next);
    }
  }

  private static void unchecked(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Content {
    void write(Writer writer) throws IOException;
  }

  private interface Step {
    void run() throws IOException;
  }
}
