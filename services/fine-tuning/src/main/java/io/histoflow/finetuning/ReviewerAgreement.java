package io.histoflow.finetuning;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.MaskPng;
import io.histoflow.segmentation.evaluation.Confusion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether reviewers agree on the tiles that several of them have judged. The latest verdict of each
 * reviewer counts. Two disagree where one calls the tile unusable and the other does not, or where
 * the Dice coefficient of their masks lies below a limit; two empty masks agree.
 *
 * <p>It knows the verdicts that were on the corrections' topic when it was read. The topic is
 * compacted: of a tile's older verdicts some may be gone after a restart.
 */
final class ReviewerAgreement {
  private final double leastDice;
  // The latest verdict of each reviewer, by tile.
  private final Map<String, Map<String, TileVerdict>> verdicts = new HashMap<>();
  private final Set<String> judgedBySeveral = new HashSet<>();
  private final Set<String> disagreedOn = new HashSet<>();

  /**
   * @param leastDice lowest Dice coefficient of masks that agree, 0..1
   */
  ReviewerAgreement(double leastDice) {
    if (!(leastDice >= 0 && leastDice <= 1)) {
      throw new IllegalArgumentException("The least Dice must be in 0..1, not " + leastDice);
    }
    this.leastDice = leastDice;
  }

  /** Takes the next verdict in. */
  void apply(TileVerdict verdict) {
    Map<String, TileVerdict> ofTile =
        verdicts.computeIfAbsent(verdict.tileId(), tile -> new HashMap<>());
    ofTile.put(verdict.reviewer(), verdict);
    if (ofTile.size() < 2) {
      return;
    }
    judgedBySeveral.add(verdict.tileId());
    if (isDisputed(List.copyOf(ofTile.values()))) {
      disagreedOn.add(verdict.tileId());
    } else {
      disagreedOn.remove(verdict.tileId());
    }
  }

  /** Forgets the verdicts on a tile. */
  void forget(String tileId) {
    verdicts.remove(tileId);
    judgedBySeveral.remove(tileId);
    disagreedOn.remove(tileId);
  }

  /** Returns the number of tiles that two reviewers or more have judged. */
  int judgedBySeveral() {
    return judgedBySeveral.size();
  }

  /** Returns the number of these on which they disagree. */
  int disagreedOn() {
    return disagreedOn.size();
  }

  private boolean isDisputed(List<TileVerdict> ofTile) {
    List<Optional<Mask>> masks = new ArrayList<>(ofTile.size());
    ofTile.forEach(verdict -> masks.add(verdict.correction().map(ReviewerAgreement::mask)));
    for (int i = 0; i < masks.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (differ(masks.get(i), masks.get(j))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean differ(Optional<Mask> one, Optional<Mask> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isPresent() != other.isPresent();
    }
    if (one.get().width() != other.get().width() || one.get().height() != other.get().height()) {
      return true;
    }
    // Undefined where both are empty: they agree that there is nothing.
    return Confusion.of(one.get(), other.get()).dice() < leastDice;
  }

  private static Mask mask(Correction correction) {
    try {
      return MaskPng.decode(correction.mask(), ImageLimits.forTiles());
    } catch (ImageRejectedException e) {
      throw new IllegalStateException("A mask that was sound before cannot be decoded", e);
    }
  }
}
