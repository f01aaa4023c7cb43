package io.histoflow.finetuning;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.tissue.TissueDetector;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures weights on tiles that chance drew for review, and chooses mask thresholds for them.
 *
 * <p>Conformal risk control asks that the tiles it looks at are exchangeable with those that come.
 * Tiles that were routed are not: they are the doubtful ones. Those that the audit drew are, since
 * the draw knows nothing of the tile; every tile with tissue is drawn with the same probability, so
 * all weigh the same. Tiles of glass have a probability of their own and no threshold, and are left
 * out.
 *
 * <p>The guarantee is conditional on what {@link io.histoflow.segmentation.thresholds.RiskControl}
 * names, and on this: the verdicts are right; those that are read are like those that wait; the
 * network has learned from none of them, for which those are left out that a round of these weights
 * may have trained on; the site goes on to scan what it scanned. Where the audit's share was
 * changed, times of a larger share count for more.
 */
record AuditedThresholds(FineTuningOptions options, Calibration calibration) {
  private static final int MOST_TILES = 2_000;

  /**
   * Measures and chooses.
   *
   * @param inForce the weights in force
   * @param rounds what weights have learned from
   * @param corrections the latest verdicts
   * @param source reads their tiles
   * @throws ImageRejectedException when a tile that was sound before cannot be decoded
   */
  ThresholdProposal propose(
      Checkpoint inForce,
      RoundHistory rounds,
      CorrectionStore corrections,
      CorrectionSource source,
      ProgressListener progress)
      throws ImageRejectedException {
    List<Correction> audited = corrections.where(Correction::audited);
    List<Correction> unseen =
        audited.stream()
            .filter(
                tile ->
                    options.heldOut().contains(tile.tileId())
                        || !rounds.isKnownTo(inForce.version(), tile))
            .toList();
    List<TileSource> tissue = new ArrayList<>();
    int glass = 0;
    for (TileSource tile : source.heldOut(newest(unseen), progress)) {
      if (TissueDetector.hasTissue(tile.decode().image())) {
        tissue.add(tile);
      } else {
        glass++;
      }
    }
    Measurement measurement =
        new TileEvaluation(tissue, options.model().compute())
            .of(inForce, "measure audited tiles", progress);
    Optional<MaskThresholds> after =
        enough(measurement) ? calibration.of(measurement.tiles()) : Optional.empty();
    return new ThresholdProposal(
            inForce.version(),
            tissue.size(),
            audited.size() - unseen.size(),
            glass,
            inForce.thresholds(),
            Optional.empty(),
            "",
            measurement.meanMissed(inForce.thresholds()),
            Double.NaN,
            new ThresholdProposal.Measured(inForce, measurement, corrections.nextOffsets()))
        .with(after, after.map(AuditedThresholds::restsOn).orElseGet(() -> whyNone(measurement)));
  }

  /** Says what thresholds guarantee, and on what tiles. */
  static String restsOn(MaskThresholds thresholds) {
    return thresholds.describe()
        + " It rests on tiles that chance drew of all that the site scanned.";
  }

  /** Leaves out the oldest beyond what memory holds. */
  private List<Correction> newest(List<Correction> oldestFirst) {
    long left = options.bytesOfAKind();
    int from = oldestFirst.size();
    while (from > 0 && oldestFirst.size() - from < MOST_TILES) {
      left -= oldestFirst.get(from - 1).encodedBytes();
      if (left < 0) {
        break;
      }
      from--;
    }
    return oldestFirst.subList(from, oldestFirst.size());
  }

  private boolean enough(Measurement measurement) {
    return measurement.positive().size() >= calibration.fewestUnitsOfAnOrgan();
  }

  private String whyNone(Measurement measurement) {
    return enough(measurement)
        ? calibration.whyNone(measurement.tiles())
        : "%d audited tiles with a positive pixel are too few to keep the expected false-negative rate at or under %s: at least %d are needed."
            .formatted(
                measurement.positive().size(),
                calibration.control().level(),
                calibration.fewestUnitsOfAnOrgan());
  }
}
