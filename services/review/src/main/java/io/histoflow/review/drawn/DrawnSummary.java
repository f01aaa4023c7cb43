package io.histoflow.review.drawn;

import java.util.List;

/**
 * What became of the tiles that outlines change.
 *
 * @param corrected tiles with a correction now
 * @param alertsClosed how many of these were in review
 * @param opinions tiles that had a verdict, on which a second opinion was published
 * @param refusals of the others, each with its tile and reason, a sentence
 */
public record DrawnSummary(
    long corrected, long alertsClosed, long opinions, List<String> refusals) {
  public DrawnSummary {
    refusals = List.copyOf(refusals);
  }
}
