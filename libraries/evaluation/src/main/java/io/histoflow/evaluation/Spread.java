package io.histoflow.evaluation;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/**
 * Mean and standard deviation of a figure over images.
 *
 * @param mean over the images where the figure is defined; NaN without any
 * @param sd standard deviation of that population (divided by n); NaN without any
 * @param n number of images where the figure is defined
 */
public record Spread(double mean, double sd, int n) {

  /** Over a figure of each item; NaN are left out. */
  public static <T> Spread of(Collection<T> items, ToDoubleFunction<? super T> figure) {
    return of(items.stream().mapToDouble(figure).toArray());
  }

  /** Over values, of which NaN are left out. */
  public static Spread of(double... values) {
    double[] defined = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
    double mean = Arrays.stream(defined).average().orElse(Double.NaN);
    double variance =
        Arrays.stream(defined).map(v -> (v - mean) * (v - mean)).average().orElse(Double.NaN);
    return new Spread(mean, Math.sqrt(variance), defined.length);
  }
}
