package io.histoflow.loadtests.recall;

import io.histoflow.loadtests.measuring.Ranges;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@link AuditBench} does.
 *
 * @param data folders of images with masks
 * @param seeds audit keys, each of a deployment of its own, 1 to 100,000
 * @param budget share of tiles that may go to review, above 0, at most 1
 * @param auditShare share of the budget that chance spends, above 0, at most 1
 * @param tileSize edge of a tile in pixels, 32 to 4,096
 */
public record AuditBenchSettings(
    List<Path> data, int seeds, double budget, double auditShare, int tileSize) {
  /** Checks the ranges. */
  public AuditBenchSettings {
    data = List.copyOf(data);
    Ranges.require("seeds", seeds, 1, 100_000);
    Ranges.require("tileSize", tileSize, 32, 4_096);
    requireShare("budget", budget);
    requireShare("auditShare", auditShare);
  }

  private static void requireShare(String name, double share) {
    Ranges.require(
        share > 0 && share <= 1, name + " is " + share + " but must be above 0, at most 1.");
  }
}
