package io.histoflow.loadtests.recall;

import io.histoflow.loadtests.measuring.Ranges;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@link AuditBench} does.
 *
 * @param data folders of images with masks
 * @param images most images, evenly spread over the data; 1 or more
 * @param seeds audit keys, each of a deployment of its own, 1 to 100,000
 * @param budget share of tiles that may go to review, above 0, at most 1
 * @param auditShare share of the budget that chance spends, above 0, at most 1
 * @param draws draws by the estimators alone for each size of the audit, 0 to 1,000,000
 * @param tileSize edge of a tile in pixels, 32 to 4,096
 */
public record AuditBenchSettings(
    List<Path> data,
    int images,
    int seeds,
    double budget,
    double auditShare,
    int draws,
    int tileSize) {
  /** Checks the ranges. */
  public AuditBenchSettings {
    data = List.copyOf(data);
    Ranges.require(images >= 1, "images is " + images + " but must be 1 or more.");
    Ranges.require("seeds", seeds, 1, 100_000);
    Ranges.require("draws", draws, 0, 1_000_000);
    Ranges.require("tileSize", tileSize, 32, 4_096);
    requireShare("budget", budget);
    requireShare("auditShare", auditShare);
  }

  private static void requireShare(String name, double share) {
    Ranges.require(
        share > 0 && share <= 1, name + " is " + share + " but must be above 0, at most 1.");
  }
}
