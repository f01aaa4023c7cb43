package io.histoflow.studies.report;

import io.histoflow.evaluation.ImageResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which images a report shows: those of worst, middle and best recall, so that it shows what can go
 * wrong as well as what goes right. Images with nothing to find have no recall and are left out.
 *
 * @param index in the list of results
 * @param reason why this image, for people
 */
public record ShowcaseChoice(int index, String reason) {

  /** The most images of each kind. */
  static final int MOST_OF_A_KIND = 2;

  /** Chooses at most six, each once, the worst first; ties go to the earlier image. */
  public static List<ShowcaseChoice> of(List<ImageResult> results) {
    List<Integer> byRecall =
        IntStream.range(0, results.size())
            .filter(i -> !Double.isNaN(results.get(i).confusion().recall()))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> results.get(i).confusion().recall()))
            .toList();
    int n = byRecall.size();
    int ofAKind = Math.min(MOST_OF_A_KIND, Math.max(1, n / 3));
    List<ShowcaseChoice> chosen = new ArrayList<>();
    for (int rank = 0; rank < n; rank++) {
      String reason = reason(rank, n, ofAKind);
      if (reason != null) {
        chosen.add(new ShowcaseChoice(byRecall.get(rank), reason));
      }
    }
    return chosen;
  }

  private static String reason(int rank, int n, int ofAKind) {
    int firstMiddle = (n - ofAKind) / 2;
    if (rank < ofAKind) {
      return "worst recall";
    }
    if (rank >= n - ofAKind) {
      return "best recall";
    }
    return rank >= firstMiddle && rank < firstMiddle + ofAKind ? "median recall" : null;
  }
}
