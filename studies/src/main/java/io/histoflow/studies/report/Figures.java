package io.histoflow.studies.report;

import io.histoflow.evaluation.Spread;
import java.util.Locale;

/** Figures as people read them. */
final class Figures {

  private static final String UNDEFINED = "–";

  private Figures() {}

  static String share(double value) {
    return number("%.3f", value);
  }

  static String spread(Spread spread) {
    return Double.isNaN(spread.mean())
        ? UNDEFINED
        : String.format(Locale.ROOT, "%.3f ± %.3f", spread.mean(), spread.sd());
  }

  static String number(String format, double value) {
    return Double.isNaN(value) ? UNDEFINED : String.format(Locale.ROOT, format, value);
  }
}
