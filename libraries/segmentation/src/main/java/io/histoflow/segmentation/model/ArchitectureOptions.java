package io.histoflow.segmentation.model;

import java.util.Arrays;
import java.util.Map;

/**
 * An architecture's options as a weights file holds them.
 *
 * @param texts by name
 */
public record ArchitectureOptions(Map<String, String> texts) {

  /** The option that says what a network sees of colours. */
  public static final String COLOUR = "inputColour";

  /** Copies the texts. */
  public ArchitectureOptions {
    texts = Map.copyOf(texts);
  }

  /**
   * Returns the option's text.
   *
   * @throws IllegalArgumentException where it is missing, as all others where it cannot be read
   */
  public String text(String name) {
    String text = texts.get(name);
    if (text == null) {
      throw new IllegalArgumentException("the option '" + name + "' is missing");
    }
    return text;
  }

  /** Returns the option as a whole number. */
  public int number(String name) {
    return Integer.parseInt(text(name));
  }

  /** Returns the option as true or false. */
  public boolean flag(String name) {
    String text = text(name);
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(
          "the option '%s' must be true or false, not '%s'".formatted(name, text));
    }
    return text.equals("true");
  }

  /** Returns what the network sees of colours. */
  public InputColour colour() {
    String name = text(COLOUR);
    return Arrays.stream(InputColour.values())
        .filter(colour -> colour.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "it sees colours as '%s', which this version does not know; it knows %s"
                        .formatted(name, Arrays.toString(InputColour.values()))));
  }
}
