package io.histoflow.studies.training;

import io.histoflow.segmentation.model.InputColour;
import io.histoflow.training.TrainingSettings;
import io.histoflow.training.loss.HistoLossSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The paper's studies as lists of trainings that differ in one thing. */
public final class TrainingStudies {

  private TrainingStudies() {}

  /** Squeeze-and-excitation, FiLM and edge branch, each with and without: eight rows. */
  public static List<TrainingVariant> ablation(TrainingSettings base) {
    List<TrainingVariant> variants = new ArrayList<>();
    for (int row = 0; row < 8; row++) {
      boolean se = (row & 4) != 0;
      boolean film = (row & 2) != 0;
      boolean edge = (row & 1) != 0;
      String name = "SE %s, FiLM %s, edge %s".formatted(yesOrNo(se), yesOrNo(film), yesOrNo(edge));
      TrainingSettings settings =
          base.toBuilder().optSqueezeExcitation(se).optFilm(film).optEdgeHead(edge).build();
      variants.add(
          new TrainingVariant(
              name, settings, row == 7 ? PaperFigures.COMBINED : PaperFigures.UNKNOWN));
    }
    return variants;
  }

  /** Lengths of an organ's embedding from 16 to 256; the paper's best are 32 and 64. */
  public static List<TrainingVariant> embedding(TrainingSettings base) {
    return IntStream.of(16, 32, 64, 128, 256)
        .mapToObj(
            d -> new TrainingVariant("d = " + d, base.toBuilder().optEmbeddingSize(d).build()))
        .toList();
  }

  /** Shares of BCE and Tversky from 0.2 : 0.8 to 0.8 : 0.2; the paper's best is 0.3 : 0.7. */
  public static List<TrainingVariant> loss(TrainingSettings base) {
    return IntStream.rangeClosed(2, 8)
        .mapToObj(
            tenths -> {
              HistoLossSettings loss = base.loss().withBceShare(tenths / 10f);
              String name =
                  String.format(
                      Locale.ROOT, "BCE %.1f : Tversky %.1f", tenths / 10.0, 1 - tenths / 10.0);
              return new TrainingVariant(name, base.toBuilder().optLoss(loss).build());
            })
        .toList();
  }

  /** What the network sees of colours. */
  public static List<TrainingVariant> colour(TrainingSettings base) {
    return Arrays.stream(InputColour.values())
        .map(
            colour ->
                new TrainingVariant(
                    colour.name().toLowerCase(Locale.ROOT),
                    base.toBuilder().optInputColour(colour).build()))
        .toList();
  }

  private static String yesOrNo(boolean value) {
    return value ? "yes" : "no";
  }
}
