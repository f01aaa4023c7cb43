package io.histoflow.topology.routing;

import io.histoflow.topology.streams.StateSerde;
import java.util.Arrays;
import org.apache.kafka.common.serialization.Serde;

/**
 * Alerts of the last hour, minute by minute, so that a router never raises more than its share of
 * the reviewers' capacity in any 60 minutes. The clock is that of the tiles; it never goes back, so
 * late tiles count as of now.
 */
final class AlertHour {
  private static final long MINUTE_MS = 60_000;

  /** The running minute and the 60 before it: less would forget alerts that are not an hour old. */
  private static final int MINUTES = 61;

  private final int[] alerts;
  private long minute;

  AlertHour() {
    this(Long.MIN_VALUE, new int[MINUTES]);
  }

  private AlertHour(long minute, int[] alerts) {
    this.minute = minute;
    this.alerts = alerts;
  }

  /** Moves the clock on to a time, milliseconds since the epoch. */
  void moveTo(long timestamp) {
    long next = Math.floorDiv(timestamp, MINUTE_MS);
    if (minute == Long.MIN_VALUE || next - minute >= MINUTES) {
      Arrays.fill(alerts, 0);
      minute = Math.max(minute, next);
    }
    while (minute < next) {
      minute++;
      alerts[slot()] = 0;
    }
  }

  void add() {
    alerts[slot()]++;
  }

  /** Returns how many alerts there were in the last hour. */
  int count() {
    return Arrays.stream(alerts).sum();
  }

  private int slot() {
    return (int) Math.floorMod(minute, (long) MINUTES);
  }

  static Serde<AlertHour> serde() {
    return new StateSerde<>(
        "alerts of the last hour",
        1,
        (hour, out) -> {
          out.writeLong(hour.minute);
          for (int alerts : hour.alerts) {
            out.writeInt(alerts);
          }
        },
        in -> {
          long minute = in.readLong();
          int[] alerts = new int[MINUTES];
          for (int i = 0; i < MINUTES; i++) {
            alerts[i] = in.readInt();
          }
          return new AlertHour(minute, alerts);
        });
  }
}
