package io.histoflow.studies.thresholds;

import io.histoflow.evaluation.Confusion;
import io.histoflow.evaluation.Spread;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/**
 * Can a tile's style set its threshold in a laboratory that nobody calibrated for? Each laboratory
 * in turn is left out: the line from style to threshold is fitted on the others, and moved until
 * their mean recall is what is wanted - at thresholds that lines without their own laboratory gave
 * them, since at those of their own line they would look better than a new laboratory will. One
 * threshold for all tiles, set for the same recall, stands beside.
 *
 * <p>Nothing is guaranteed of a laboratory that is left out: it is no draw from the tiles of the
 * others. Were laboratories exchangeable, conformal risk control over n of them could keep to no
 * level below 1 / (n + 1).
 */
final class ThresholdStudy {
  /** The rule that all are compared with. */
  static final String ONE_FOR_ALL = "one for all";

  private static final double BLIND = 0.8;
  private static final double WIDEST = 12;
  private static final int HALVINGS = 40;

  private final List<StyledTile> tiles;
  private final List<String> laboratories;
  private final double wanted;
  private final Map<StyledTile, Double> own = new HashMap<>();

  /**
   * Makes a study.
   *
   * @param tiles that the model did not learn from, of three laboratories or more
   * @param wanted mean recall on the laboratories that choose, 0..1
   */
  ThresholdStudy(List<StyledTile> tiles, double wanted) {
    this.tiles = List.copyOf(tiles);
    this.wanted = wanted;
    laboratories = tiles.stream().map(StyledTile::laboratory).distinct().toList();
    if (laboratories.size() < 3) {
      throw new IllegalArgumentException(
          "the study needs 3 laboratories or more, not " + laboratories.size());
    }
    tiles.forEach(tile -> own.put(tile, tile.logitAt(wanted)));
  }

  /** Returns the figures of one threshold for all, then of each style's. */
  List<RuleFigures> run() {
    Map<StyledTile, Double> pooled = new HashMap<>();
    for (String left : laboratories) {
      double logit = moved(Map.of(), without(tiles, left));
      of(left).forEach(tile -> pooled.put(tile, logit));
    }
    List<RuleFigures> results = new ArrayList<>();
    results.add(figures(ONE_FOR_ALL, pooled, pooled));
    for (TileStyle style : TileStyle.values()) {
      results.add(figures(style.text(), logits(style), pooled));
    }
    return results;
  }

  /** The logit of each tile's threshold, chosen without its laboratory. */
  private Map<StyledTile, Double> logits(TileStyle style) {
    Map<StyledTile, Double> logits = new HashMap<>();
    for (String left : laboratories) {
      List<StyledTile> others = without(tiles, left);
      Map<StyledTile, Double> seenFromOutside = new HashMap<>();
      for (String other : laboratories) {
        if (!other.equals(left)) {
          StyleLine line = line(style, without(others, other));
          of(other).forEach(t -> seenFromOutside.put(t, line.at(t.styles().get(style))));
        }
      }
      StyleLine line = line(style, others);
      double shift = moved(seenFromOutside, others);
      of(left).forEach(t -> logits.put(t, line.at(t.styles().get(style)) + shift));
    }
    return logits;
  }

  private StyleLine line(TileStyle style, List<StyledTile> from) {
    return StyleLine.of(from, tile -> tile.styles().get(style), own::get);
  }

  /** How far the logits, 0 without one, may be moved up for the wanted recall of these tiles. */
  private double moved(Map<StyledTile, Double> logits, List<StyledTile> among) {
    return highest(
        shift ->
            RuleFigures.mean(sets(among, logits, shift), SetFigures::recall) >= wanted ? 1 : -1);
  }

  private RuleFigures figures(
      String rule, Map<StyledTile, Double> logits, Map<StyledTile, Double> pooled) {
    List<SetFigures> before = sets(tiles, pooled, 0);
    double shift =
        -highest(
            down ->
                RuleFigures.mean(sets(tiles, logits, -down), SetFigures::precision)
                    - RuleFigures.mean(before, SetFigures::precision));
    Map<String, Double> gains = new LinkedHashMap<>();
    for (SetFigures set : before) {
      List<StyledTile> alone = tiles.stream().filter(t -> t.set().equals(set.set())).toList();
      double down = highest(d -> sets(alone, logits, -d).get(0).precision() - set.precision());
      gains.put(set.set(), sets(alone, logits, -down).get(0).recall() - set.recall());
    }
    return new RuleFigures(rule, sets(tiles, logits, 0), sets(tiles, logits, shift), gains);
  }

  /** The highest shift at which a figure that falls, or is taken to fall, is not below zero. */
  private static double highest(DoubleUnaryOperator figure) {
    double holds = -WIDEST;
    double fails = WIDEST;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (holds + fails) / 2;
      if (figure.applyAsDouble(middle) >= 0) {
        holds = middle;
      } else {
        fails = middle;
      }
    }
    return holds;
  }

  private static List<SetFigures> sets(
      List<StyledTile> among, Map<StyledTile, Double> logits, double shift) {
    List<SetFigures> figures = new ArrayList<>();
    among.stream()
        .collect(Collectors.groupingBy(StyledTile::set, LinkedHashMap::new, Collectors.toList()))
        .forEach(
            (set, members) -> {
              List<Confusion> counts =
                  members.stream()
                      .map(t -> t.curve().at(sigmoid(logits.getOrDefault(t, 0.0) + shift)))
                      .toList();
              figures.add(
                  new SetFigures(
                      set,
                      counts.size(),
                      Spread.of(counts, Confusion::recall).mean(),
                      Spread.of(counts, Confusion::precision).mean(),
                      Spread.of(counts, Confusion::dice).mean(),
                      (double) counts.stream().filter(c -> c.recall() < BLIND).count()
                          / counts.size()));
            });
    return figures;
  }

  private List<StyledTile> of(String laboratory) {
    return tiles.stream().filter(tile -> tile.laboratory().equals(laboratory)).toList();
  }

  private static List<StyledTile> without(List<StyledTile> tiles, String laboratory) {
    return tiles.stream().filter(tile -> !tile.laboratory().equals(laboratory)).toList();
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }
}
