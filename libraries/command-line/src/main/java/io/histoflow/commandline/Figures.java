package io.histoflow.commandline;

import java.util.Arrays;
import java.util.Locale;

/** Figures as people read them, alike in every language of the machine. */
public final class Figures {
  private Figures() {}

  /**
   * Returns figures in a format of {@link String#format}; a dash where one of them is not defined,
   * that is null or NaN.
   */
  public static String text(String format, Object... figures) {
    boolean defined = Arrays.stream(figures).noneMatch(f -> f == null || f.equals(Double.NaN));
    return defined ? String.format(Locale.ROOT, format, figures) : "-";
  }
}
