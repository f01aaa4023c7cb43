package io.histoflow.scanning;

import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * A file of which something could not be published.
 *
 * @param file the file or folder
 * @param reason one sentence, without the file's name before it
 */
public record ScanFailure(Path file, String reason) {

  public ScanFailure {
    String name = file + ": ";
    reason = visible(reason.startsWith(name) ? reason.substring(name.length()) : reason);
  }

  /** File and reason, for a person. */
  public String sentence() {
    return visible(file.toString()) + ": " + reason;
  }

  /** A text whose line breaks and terminal commands are shown, not obeyed. */
  static String visible(String text) {
    return text.codePoints()
        .mapToObj(
            c ->
                switch (Character.getType(c)) {
                  case Character.CONTROL,
                      Character.FORMAT,
                      Character.SURROGATE,
                      Character.LINE_SEPARATOR,
                      Character.PARAGRAPH_SEPARATOR ->
                      "\\u{" + Integer.toHexString(c) + "}";
                  default -> Character.toString(c);
                })
        .collect(Collectors.joining());
  }
}
