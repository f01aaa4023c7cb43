package io.histoflow.weights.versions;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Key of archived weights: {@code modelId@version}.
 *
 * @param modelId the model, not empty
 * @param version the version, 1 or more
 */
public record ArchiveKey(String modelId, long version) {
  private static final Pattern TEXT = Pattern.compile("(.+)@([1-9]\\d{0,17})");

  /** Checks the parts. */
  public ArchiveKey {
    Objects.requireNonNull(modelId, "modelId");
    if (modelId.isEmpty() || version < 1) {
      throw new IllegalArgumentException(
          "Archived weights need a model and a version of 1 or more, not \""
              + modelId
              + "\" and "
              + version);
    }
  }

  /** Reads a key; empty where it is none. */
  public static Optional<ArchiveKey> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(new ArchiveKey(matcher.group(1), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** Returns the key as it stands on the topic. */
  public String text() {
    return modelId + "@" + version;
  }
}
