package io.histoflow.reporting;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
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

  private static final String[] COLUMNS = {
    "slide_id",
    "organ",
    "status",
    "tiles_seen",
    "tiles_expected",
    "positive_pixels",
    "total_pixels",
    "positive_fraction",
    "positive_area_mm2",
    "mean_entropy",
    "max_mean_entropy",
    "max_tail_entropy",
    "reviews_requested",
    "reviews_open",
    "model_versions",
    "first_tile_at",
    "reported_at",
    "revision",
    "tiles_missing",
    "missing_tiles",
    "tiles_without_scale",
    "model_history",
    "tiles_background",
    "tiles_unexpected",
    "tiles_off_scale",
    "tiles_with_ink",
    "scan_id"
  };

  private ReportExport() {}

  /**
   * Writes both files.
   *
   * @param store the slides
   * @param directory where the files go; created where it is absent
   * @throws IOException where a file cannot be written
   */
  public static void write(ReportStore store, Path directory) throws IOException {
    Files.createDirectories(directory);
    replace(directory.resolve(CSV), writer -> writeCsv(store, writer));
    replace(directory.resolve(JSON), writer -> writeJson(store, writer));
  }

  /**
   * Writes the slides as CSV. Text that a spreadsheet would take for a formula gets an apostrophe
   * in front: ids and organs come from scanners.
   */
  static void writeCsv(ReportStore store, Writer writer) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader(COLUMNS).get();
    CSVPrinter printer = new CSVPrinter(writer, format);
    store.forEach(row -> unchecked(() -> printer.printRecord(cells(row))));
    printer.flush();
  }

  /** Writes the slides as JSON; what is not known is null. */
  static void writeJson(ReportStore store, Writer writer) throws IOException {
    JsonGenerator json = new JsonFactory().createGenerator(writer).useDefaultPrettyPrinter();
    json.writeStartObject();
    json.writeArrayFieldStart("slides");
    store.forEach(row -> unchecked(() -> writeObject(json, row)));
    json.writeEndArray();
    json.writeEndObject();
    json.flush();
  }

  private static Object[] cells(SlideRow row) {
    return new Object[] {
      harmless(row.slideId()),
      harmless(row.organ()),
      row.status(),
      row.tilesSeen(),
      row.tilesExpected(),
      row.positivePixels(),
      row.totalPixels(),
      row.positiveFraction(),
      row.positiveAreaSquareMillimetres(),
      row.meanEntropy(),
      row.maxMeanEntropy(),
      row.maxTailEntropy(),
      row.reviewsRequested(),
      row.reviewsOpen(),
      SlideRow.cell(row.modelVersions()),
      row.firstTileAt(),
      row.reportedAt(),
      row.revision(),
      row.tilesMissing(),
      SlideRow.cell(row.missingTiles()),
      row.tilesWithoutScale(),
      SlideRow.cell(row.modelHistory()),
      row.tilesBackground(),
      row.tilesUnexpected(),
      row.tilesOffScale(),
      row.tilesWithInk(),
      row.scanId() == null ? null : harmless(row.scanId())
    };
  }

  private static String harmless(String text) {
    String seen = text.strip();
    return !seen.isEmpty() && FORMULA_STARTS.indexOf(seen.charAt(0)) >= 0 ? "'" + text : text;
  }

  private static void writeObject(JsonGenerator json, SlideRow row) throws IOException {
    json.writeStartObject();
    json.writeStringField("slideId", row.slideId());
    json.writeStringField("organ", row.organ());
    json.writeStringField("status", row.status());
    json.writeNumberField("tilesSeen", row.tilesSeen());
    json.writeObjectField("tilesExpected", row.tilesExpected());
    json.writeNumberField("positivePixels", row.positivePixels());
    json.writeNumberField("totalPixels", row.totalPixels());
    json.writeNumberField("positiveFraction", row.positiveFraction());
    json.writeObjectField("positiveAreaSquareMillimetres", row.positiveAreaSquareMillimetres());
    json.writeNumberField("meanEntropy", row.meanEntropy());
    json.writeNumberField("maxMeanEntropy", row.maxMeanEntropy());
    json.writeNumberField("maxTailEntropy", row.maxTailEntropy());
    json.writeNumberField("reviewsRequested", row.reviewsRequested());
    json.writeNumberField("reviewsOpen", row.reviewsOpen());
    json.writeFieldName("modelVersions");
    List<Long> versions = row.modelVersions();
    json.writeArray(versions.stream().mapToLong(Long::longValue).toArray(), 0, versions.size());
    json.writeStringField(
        "firstTileAt", row.firstTileAt() == null ? null : row.firstTileAt().toString());
    json.writeStringField("reportedAt", row.reportedAt().toString());
    json.writeNumberField("revision", row.revision());
    json.writeObjectField("tilesMissing", row.tilesMissing());
    json.writeArrayFieldStart("missingTiles");
    for (SlideRow.Position tile : row.missingTiles()) {
      json.writeStartObject();
      json.writeNumberField("x", tile.x());
      json.writeNumberField("y", tile.y());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectField("tilesWithoutScale", row.tilesWithoutScale());
    json.writeArrayFieldStart("modelHistory");
    for (SlideRow.VersionUse use : row.modelHistory()) {
      json.writeStartObject();
      json.writeNumberField("version", use.version());
      json.writeNumberField("tiles", use.tiles());
      json.writeStringField("firstSegmentedAt", use.firstSegmentedAt().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("tilesBackground", row.tilesBackground());
    json.writeObjectField("tilesUnexpected", row.tilesUnexpected());
    json.writeObjectField("tilesOffScale", row.tilesOffScale());
    json.writeObjectField("tilesWithInk", row.tilesWithInk());
    json.writeStringField("scanId", row.scanId());
    json.writeEndObject();
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
