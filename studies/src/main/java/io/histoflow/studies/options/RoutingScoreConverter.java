package io.histoflow.studies.options;

import io.histoflow.segmentation.uncertainty.RoutingScore;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a routing score by the name under which it is published, such as mean-entropy. */
public final class RoutingScoreConverter implements ITypeConverter<RoutingScore> {
  @Override
  public RoutingScore convert(String word) {
    return Arrays.stream(RoutingScore.values())
        .filter(score -> score.publishedName().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected "
                        + names().collect(Collectors.joining(", "))
                        + " but was '"
                        + word
                        + "'"));
  }

  private static Stream<String> names() {
    return Arrays.stream(RoutingScore.values()).map(RoutingScore::publishedName);
  }

  /** The names, for help texts and completion. */
  public static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }
  }
}
