package io.histoflow.reporting;

import io.histoflow.schemas.SlideReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
      "CREATE TABLE slide_report (" + Column.each(Column::definition) + ") WITHOUT ROWID";

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
      "INSERT INTO slide_report VALUES ("
          + Column.each(column -> "?")
          + ") ON CONFLICT (slide_id) DO UPDATE SET "
          + Column.each(column -> column.title() + " = excluded." + column.title())
          + " WHERE excluded.revision > slide_report.revision"
          + " OR excluded.reported_at > slide_report.reported_at";

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
          ("The report database %s cannot be opened (%s): check histoflow.reporting.database,"
                  + " or delete the file to rebuild it from the topic")
              .formatted(file, e.getMessage()),
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
                  ("The report database %s belongs to Kafka cluster %s and not to %s:"
                          + " set histoflow.reporting.database to another file")
                      .formatted(file, known.getString(1), clusterId));
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
  public void forEach(Consumer<SlideReport> visitor) {
    transaction(
        () -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows =
                  statement.executeQuery("SELECT * FROM slide_report ORDER BY slide_id")) {
            while (rows.next()) {
              visitor.accept(report(rows));
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
            ("The report database %s has format %s, this release reads %s:"
                    + " use the release that wrote it, or another file")
                .formatted(file, version, SCHEMA_VERSION));
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

  private static void bind(PreparedStatement statement, SlideReport report) throws SQLException {
    int parameter = 1;
    for (Column column : Column.values()) {
      statement.setObject(parameter++, column.write(report));
    }
  }

  private static SlideReport report(ResultSet row) throws SQLException {
    SlideReport report = new SlideReport();
    for (Column column : Column.values()) {
      column.read(row.getObject(column.title()), report);
    }
    return report;
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
          ("The report database %s cannot be used (%s): check the disk,"
                  + " or delete the file to rebuild it from the topic")
              .formatted(file, e.getMessage()),
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
