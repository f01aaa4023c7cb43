package io.histoflow.review.support;

import io.histoflow.schemas.DistributionSummary;
import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.DriftFinding;
import io.histoflow.schemas.DriftState;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.TileHeldBack;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.Topics;
import java.time.Instant;

/** What routing says besides alerts: drift, and tiles that it held back. */
public final class TestDrift {
  public static final Instant DETECTED = Instant.parse("2026-01-02T03:04:05.678Z");

  private TestDrift() {}

  /** Returns an event of mean entropy, which has moved from 0.2 to 0.5 where it has drifted. */
  public static DriftAlarm of(String organ, String scanner, DriftState state) {
    boolean drifted = state == DriftState.DRIFTED;
    return DriftAlarm.newBuilder()
        .setOrgan(organ)
        .setScanner(scanner)
        .setState(state)
        .setModelVersion(3)
        .setEntropy(finding(0.2, drifted ? 0.5 : 0.2, drifted))
        .setPositiveArea(finding(0.1, 0.1, false))
        .setDetectedAt(DETECTED)
        .build();
  }

  public static TileHeldBack heldBack(String tileId, String organ, Instant at) {
    return TileHeldBack.newBuilder()
        .setTileId(tileId)
        .setSlideId("slide")
        .setOrgan(organ)
        .setReason(ReviewReason.UNCERTAIN)
        .setScore(0.4)
        .setRoutingScoreName("mean-entropy")
        .setThreshold(0.3)
        .setModelVersion(3)
        .setCapacityPerHour(60)
        .setTile(new TileLocation(Topics.TILES_SCANNED.name(), 0, 0L))
        .setHeldBackAt(at)
        .build();
  }

  private static DriftFinding finding(double before, double now, boolean drifted) {
    return DriftFinding.newBuilder()
        .setReference(around(before, 2_000))
        .setWindow(around(now, 500))
        .setDistance(drifted ? 0.7 : 0.03)
        .setLimit(0.12)
        .setPValue(drifted ? 1e-9 : 1)
        .setDesignEffect(1.1)
        .setDrifted(drifted)
        .build();
  }

  private static DistributionSummary around(double median, long count) {
    return DistributionSummary.newBuilder()
        .setCount(count)
        .setMin(median - 0.1)
        .setP10(median - 0.05)
        .setP25(median - 0.02)
        .setP50(median)
        .setP75(median + 0.02)
        .setP90(median + 0.05)
        .setMax(median + 0.2)
        .build();
  }
}
