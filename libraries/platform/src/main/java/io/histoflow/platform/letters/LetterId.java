package io.histoflow.platform.letters;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a dead letter lies.
 *
 * @param partition partition of the dead-letter topic, 0 or more
 * @param offset offset in it, 0 or more
 */
public record LetterId(int partition, long offset) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})@(\\d{1,18})");

  /** Reads what {@link #toString} writes; empty where the text is something else. */
  public static Optional<LetterId> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new LetterId(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** Partition and offset, such as {@code 0@17}. */
  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
