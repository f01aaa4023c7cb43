package io.histoflow.reporting;

import io.histoflow.schemas.ModelVersionUse;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TilePosition;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * The fields of a slide's report, in the order in which tables and exports show them. Each has the
 * contract's name in JSON, and its own in the database and in the CSV; every statement and export
 * follows from this list.
 */
enum Column {
  SLIDE_ID("slideId", "TEXT PRIMARY KEY"),
  ORGAN("organ", "TEXT NOT NULL"),
  STATUS("status", "TEXT NOT NULL"),
  TILES_SEEN("tilesSeen", "INTEGER NOT NULL"),
  TILES_EXPECTED("tilesExpected", "INTEGER"),
  POSITIVE_PIXELS("positivePixels", "INTEGER NOT NULL"),
  TOTAL_PIXELS("totalPixels", "INTEGER NOT NULL"),
  POSITIVE_FRACTION("positiveFraction", "REAL NOT NULL"),
  POSITIVE_AREA_MM2("positiveAreaSquareMillimetres", "REAL"),
  MEAN_ENTROPY("meanEntropy", "REAL NOT NULL"),
  MAX_MEAN_ENTROPY("maxMeanEntropy", "REAL NOT NULL"),
  MAX_TAIL_ENTROPY("maxTailEntropy", "REAL NOT NULL"),
  REVIEWS_REQUESTED("reviewsRequested", "INTEGER NOT NULL"),
  REVIEWS_OPEN("reviewsOpen", "INTEGER NOT NULL"),
  MODEL_VERSIONS("modelVersions", "TEXT NOT NULL"),
  FIRST_TILE_AT("firstTileAt", "TEXT"),
  REPORTED_AT("reportedAt", "TEXT NOT NULL"),
  REVISION("revision", "INTEGER NOT NULL"),
  TILES_MISSING("tilesMissing", "INTEGER"),
  MISSING_TILES("missingTiles", "TEXT"),
  TILES_WITHOUT_SCALE("tilesWithoutScale", "INTEGER"),
  MODEL_HISTORY("modelHistory", "TEXT"),
  TILES_BACKGROUND("tilesBackground", "INTEGER NOT NULL"),
  TILES_UNEXPECTED("tilesUnexpected", "INTEGER"),
  TILES_OFF_SCALE("tilesOffScale", "INTEGER"),
  TILES_WITH_INK("tilesWithInk", "INTEGER"),
  SCAN_ID("scanId", "TEXT"),
  TILES_GLASS("tilesGlass", "INTEGER");

  private final String field;
  private final String sqlType;

  Column(String field, String sqlType) {
    this.field = field;
    this.sqlType = sqlType;
  }

  /** Returns the column's name in the database and in the CSV. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns what defines the column in the database. */
  String definition() {
    return title() + " " + sqlType;
  }

  /** Returns the name of the field in the contract and in JSON. */
  String field() {
    return field;
  }

  /** Returns all columns in their order. */
  static Stream<Column> all() {
    return Arrays.stream(values());
  }

  /** Returns a text for each column, in their order, with commas between. */
  static String each(Function<Column, String> text) {
    return all().map(text).collect(Collectors.joining(", "));
  }

  /**
   * Returns a field as the database holds it: a number, text, or null. The items of a list stand in
   * one text with spaces between: versions, positions as {@code x,y}, and what a version has done
   * as {@code version=tiles@since}.
   */
  Object write(SlideReport report) {
    Object value = report.get(field);
    if (value instanceof List<?> items) {
      return items.stream().map(Column::text).collect(Collectors.joining(" "));
    }
    return value == null || value instanceof Number ? value : value.toString();
  }

  /** Puts what {@link #write} returned back into a report. */
  void read(Object stored, SlideReport report) {
    Schema declared = report.getSchema().getField(field).schema();
    // What may be missing is a union whose first type is null.
    Schema type = declared.isUnion() ? declared.getTypes().get(1) : declared;
    report.put(field, stored == null ? null : value(type, stored));
  }

  private static Object value(Schema type, Object stored) {
    return switch (type.getType()) {
      case INT -> ((Number) stored).intValue();
      case LONG ->
          stored instanceof Number number ? number.longValue() : Instant.parse((String) stored);
      case DOUBLE -> ((Number) stored).doubleValue();
      case ENUM -> ReportStatus.valueOf((String) stored);
      case ARRAY -> items((String) stored).map(item -> item(type.getElementType(), item)).toList();
      default -> stored;
    };
  }

  private static Stream<String> items(String stored) {
    return stored.isEmpty() ? Stream.empty() : Arrays.stream(stored.split(" "));
  }

  private static String text(Object item) {
    if (item instanceof TilePosition tile) {
      return tile.getX() + "," + tile.getY();
    }
    if (item instanceof ModelVersionUse use) {
      return use.getVersion() + "=" + use.getTiles() + "@" + use.getFirstSegmentedAt();
    }
    return item.toString();
  }

  private static Object item(Schema type, String text) {
    String[] parts = text.split("[,=@]", 3);
    return switch (type.getName()) {
      case "TilePosition" -> new TilePosition(Integer.valueOf(parts[0]), Integer.valueOf(parts[1]));
      case "ModelVersionUse" ->
          new ModelVersionUse(
              Long.valueOf(parts[0]), Integer.valueOf(parts[1]), Instant.parse(parts[2]));
      default -> Long.valueOf(text);
    };
  }
}
