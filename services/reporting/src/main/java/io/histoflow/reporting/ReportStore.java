package io.histoflow.reporting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.sqlite.SQLiteConfig;

/**
 * The latest report of every slide, and how far the topic was read, in one SQLite file that any
 * tool can open (table {@code slide_report}). Not safe for use by several threads; several stores
 * may be open on one file, of which one writes.
 */
public final class ReportStore implements AutoCloseable {
  private static final int SCHEMA_VERSION = 4;
  private static final int BUSY_TIMEOUT_MS = 10_000;

  private static final String CREATE_REPORTS =
      """
      CREATE TABLE slide_report (
        slide_id TEXT PRIMARY KEY,
        organ TEXT NOT NULL,
        status TEXT NOT NULL,
        tiles_seen INTEGER NOT NULL,
        tiles_expected INTEGER,
        positive_pixels INTEGER NOT NULL,
        total_pixels INTEGER NOT NULL,
        positive_fraction REAL NOT NULL,
        positive_area_mm2 REAL,
        mean_entropy REAL NOT NULL,
        max_mean_entropy REAL NOT NULL,
        max_tail_entropy REAL NOT NULL,
        reviews_requested INTEGER NOT NULL,
        reviews_open INTEGER NOT NULL,
        model_versions TEXT NOT NULL,
        first_tile_at TEXT,
        reported_at TEXT NOT NULL,
        revision INTEGER NOT NULL,
        tiles_missing INTEGER,
        missing_tiles TEXT,
        tiles_without_scale INTEGER,
        model_history TEXT,
        tiles_background INTEGER NOT NULL,
        tiles_unexpected INTEGER,
        tiles_off_scale INTEGER,
        tiles_with_ink INTEGER,
        scan_id TEXT
      ) WITHOUT ROWID""";

  private static final String CREATE_POSITIONS =
      """
      CREATE TABLE topic_position (
        topic TEXT NOT NULL,
        partition INTEGER NOT NULL,
        next_offset INTEGER NOT NULL,
        PRIMARY KEY (topic, partition)
      ) WITHOUT ROWID""";

  private static final String CREATE_SOURCE =
      "CREATE TABLE source (id INTEGER PRIMARY KEY CHECK (id = 1), cluster_id TEXT NOT NULL)";

  // A report never replaces a newer one, whatever the order in which they are read.
  private static final String UPSERT =
      """
      INSERT INTO slide_report VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?, ?, ?, ?)
      ON CONFLICT (slide_id) DO UPDATE SET
        organ = excluded.organ,
        status = excluded.status,
        tiles_seen = excluded.tiles_seen,
        tiles_expected = excluded.tiles_expected,
        positive_pixels = excluded.positive_pixels,
        total_pixels = excluded.total_pixels,
        positive_fraction = excluded.positive_fraction,
        positive_area_mm2 = excluded.positive_area_mm2,
        mean_entropy = excluded.mean_entropy,
        max_mean_entropy = excluded.max_mean_entropy,
        max_tail_entropy = excluded.max_tail_entropy,
        reviews_requested = excluded.reviews_requested,
        reviews_open = excluded.reviews_open,
        model_versions = excluded.model_versions,
        first_tile_at = excluded.first_tile_at,
        reported_at = excluded.reported_at,
        revision = excluded.revision,
        tiles_missing = excluded.tiles_missing,
        missing_tiles = excluded.missing_tiles,
        tiles_without_scale = excluded.tiles_without_scale,
        model_history = excluded.model_history,
        tiles_background = excluded.tiles_background,
        tiles_unexpected = excluded.tiles_unexpected,
        tiles_off_scale = excluded.tiles_off_scale,
        tiles_with_ink = excluded.tiles_with_ink,
        scan_id = excluded.scan_id
      WHERE excluded.revision > slide_report.revision
        OR excluded.reported_at > slide_report.reported_at""";

  private static final String DELETE = "DELETE FROM slide_report WHERE slide_id = ?";

  private static final String MOVE =
      """
      INSERT INTO topic_position VALUES (?, ?, ?)
      ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset""";

  private final Path file;
  private final Connection connection;

  private ReportStore(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /**
   * Opens a database, and creates it where it is absent.
   *
   * @param file the SQLite file
   * @throws ReportStoreException where the file cannot be used
   */
  public static ReportStore open(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new ReportStoreException(
          "The folder of the report database " + file + " cannot be made (" + e.getMessage() + ")",
          e);
    }
    SQLiteConfig sqlite = new SQLiteConfig();
    sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
    sqlite.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    sqlite.setBusyTimeout(BUSY_TIMEOUT_MS);
    Connection connection = null;
    try {
      connection = sqlite.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
      connection.setAutoCommit(false);
      ReportStore store = new ReportStore(file, connection);
      store.prepare();
      return store;
    } catch (SQLException | ReportStoreException e) {
      closeQuietly(connection, e);
      if (e instanceof ReportStoreException refused) {
        throw refused;
      }
      throw new ReportStoreException(
          "The report database "
              + file
              + " cannot be opened ("
              + e.getMessage()
              + "): check histoflow.reporting.database, or delete the file to rebuild it from the"
              + " topic",
          e);
    }
  }

  /**
   * Remembers which cluster the reports come from, or checks it.
   *
   * @throws ReportStoreException where the database holds the reports of another cluster, whose
   *     offsets mean nothing here
   */
  void claim(String clusterId) {
    transaction(
        () -> {
          try (Statement statement = connection.createStatement();
              ResultSet known = statement.executeQuery("SELECT cluster_id FROM source")) {
            if (known.next() && !known.getString(1).equals(clusterId)) {
              throw new ReportStoreException(
                  "The report database "
                      + file
                      + " belongs to Kafka cluster "
                      + known.getString(1)
                      + " and not to "
                      + clusterId
                      + ": set histoflow.reporting.database to another file");
            }
          }
          try (PreparedStatement insert =
              connection.prepareStatement("INSERT OR IGNORE INTO source VALUES (1, ?)")) {
            insert.setString(1, clusterId);
            insert.executeUpdate();
          }
        });
  }

  /** Returns where to read on in each partition that was read before. */
  Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> positions = new HashMap<>();
    transaction(
        () -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows =
                  statement.executeQuery(
                      "SELECT topic, partition, next_offset FROM topic_position")) {
            while (rows.next()) {
              positions.put(new TopicPartition(rows.getString(1), rows.getInt(2)), rows.getLong(3));
            }
          }
        });
    return positions;
  }

  /** Applies changes and moves the positions behind them: all of it or, on a failure, nothing. */
  void apply(List<ReportChange> changes) {
    transaction(
        () -> {
          try (PreparedStatement upsert = connection.prepareStatement(UPSERT);
              PreparedStatement delete = connection.prepareStatement(DELETE);
              PreparedStatement move = connection.prepareStatement(MOVE)) {
            for (ReportChange change : changes) {
              if (change.report().isPresent()) {
                bind(upsert, change.report().get());
                upsert.executeUpdate();
              } else if (change.slideId() != null) {
                delete.setString(1, change.slideId());
                delete.executeUpdate();
              }
              move.setString(1, change.partition().topic());
              move.setInt(2, change.partition().partition());
              move.setLong(3, change.offset() + 1);
              move.executeUpdate();
            }
          }
        });
  }

  /**
   * Visits every slide in the order of their ids, without holding all of them in memory.
   *
   * @param visitor called for each slide
   */
  public void forEach(Consumer<SlideRow> visitor) {
    transaction(
        () -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows =
                  statement.executeQuery("SELECT * FROM slide_report ORDER BY slide_id")) {
            while (rows.next()) {
              visitor.accept(row(rows));
            }
          }
        });
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new ReportStoreException("The report database " + file + " did not close", e);
    }
  }

  private void prepare() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int version;
      try (ResultSet result = statement.executeQuery("PRAGMA user_version")) {
        version = result.getInt(1);
      }
      if (version > SCHEMA_VERSION) {
        throw new ReportStoreException(
            "The report database "
                + file
                + " has format "
                + version
                + ", this release reads "
                + SCHEMA_VERSION
                + ": use the release that wrote it, or another file");
      }
      if (version < SCHEMA_VERSION) {
        // The topic has every report: what an earlier format holds is read again.
        for (String table : List.of("slide_report", "topic_position", "source")) {
          statement.executeUpdate("DROP TABLE IF EXISTS " + table);
        }
        statement.executeUpdate(CREATE_REPORTS);
        statement.executeUpdate(CREATE_POSITIONS);
        statement.executeUpdate(CREATE_SOURCE);
        statement.executeUpdate("PRAGMA user_version = " + SCHEMA_VERSION);
      }
    }
    connection.commit();
  }

  private static void bind(PreparedStatement statement, SlideRow row) throws SQLException {
    statement.setString(1, row.slideId());
    statement.setString(2, row.organ());
    statement.setString(3, row.status());
    statement.setInt(4, row.tilesSeen());
    statement.setObject(5, row.tilesExpected(), Types.INTEGER);
    statement.setLong(6, row.positivePixels());
    statement.setLong(7, row.totalPixels());
    statement.setDouble(8, row.positiveFraction());
    statement.setObject(9, row.positiveAreaSquareMillimetres(), Types.REAL);
    statement.setDouble(10, row.meanEntropy());
    statement.setDouble(11, row.maxMeanEntropy());
    statement.setDouble(12, row.maxTailEntropy());
    statement.setInt(13, row.reviewsRequested());
    statement.setInt(14, row.reviewsOpen());
    statement.setString(15, SlideRow.cell(row.modelVersions()));
    statement.setString(16, row.firstTileAt() == null ? null : row.firstTileAt().toString());
    statement.setString(17, row.reportedAt().toString());
    statement.setInt(18, row.revision());
    statement.setObject(19, row.tilesMissing(), Types.INTEGER);
    statement.setString(20, SlideRow.cell(row.missingTiles()));
    statement.setObject(21, row.tilesWithoutScale(), Types.INTEGER);
    statement.setString(22, SlideRow.cell(row.modelHistory()));
    statement.setInt(23, row.tilesBackground());
    statement.setObject(24, row.tilesUnexpected(), Types.INTEGER);
    statement.setObject(25, row.tilesOffScale(), Types.INTEGER);
    statement.setObject(26, row.tilesWithInk(), Types.INTEGER);
    statement.setString(27, row.scanId());
  }

  private static SlideRow row(ResultSet rows) throws SQLException {
    String firstTileAt = rows.getString("first_tile_at");
    return new SlideRow(
        rows.getString("slide_id"),
        rows.getString("organ"),
        rows.getString("status"),
        rows.getInt("tiles_seen"),
        (Integer) rows.getObject("tiles_expected"),
        rows.getLong("positive_pixels"),
        rows.getLong("total_pixels"),
        rows.getDouble("positive_fraction"),
        (Double) rows.getObject("positive_area_mm2"),
        rows.getDouble("mean_entropy"),
        rows.getDouble("max_mean_entropy"),
        rows.getDouble("max_tail_entropy"),
        rows.getInt("reviews_requested"),
        rows.getInt("reviews_open"),
        SlideRow.parseCell(rows.getString("model_versions"), Long::valueOf),
        firstTileAt == null ? null : Instant.parse(firstTileAt),
        Instant.parse(rows.getString("reported_at")),
        rows.getInt("revision"),
        (Integer) rows.getObject("tiles_missing"),
        SlideRow.parseCell(rows.getString("missing_tiles"), SlideRow.Position::parse),
        (Integer) rows.getObject("tiles_without_scale"),
        SlideRow.parseCell(rows.getString("model_history"), SlideRow.VersionUse::parse),
        rows.getInt("tiles_background"),
        (Integer) rows.getObject("tiles_unexpected"),
        (Integer) rows.getObject("tiles_off_scale"),
        (Integer) rows.getObject("tiles_with_ink"),
        rows.getString("scan_id"));
  }

  private void transaction(Work work) {
    try {
      work.run();
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      try {
        connection.rollback();
      } catch (SQLException second) {
        e.addSuppressed(second);
      }
      if (e instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new ReportStoreException(
          "The report database "
              + file
              + " cannot be used ("
              + e.getMessage()
              + "): check the disk, or delete the file to rebuild it from the topic",
          e);
    }
  }

  private static void closeQuietly(Connection connection, Exception cause) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException second) {
        cause.addSuppressed(second);
      }
    }
  }

  private interface Work {
    void run() throws SQLException;
  }
}
