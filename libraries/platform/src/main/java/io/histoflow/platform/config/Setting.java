package io.histoflow.platform.config;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One declared {@code histoflow.*} key: its name, type, default, allowed range and meaning.
 *
 * <p>A setting is read with {@link ServiceConfig#get(Setting)}. A setting without a default must be
 * present in the configuration, unless it is read with {@link ServiceConfig#find(Setting)}.
 * Settings are immutable and usually constants of the service that reads them.
 *
 * @param <T> the type of the value
 */
public final class Setting<T> {
  /** The prefix of every key that is ours and not a client's. */
  public static final String PREFIX = "histoflow.";

  private static final Pattern NAME = Pattern.compile("histoflow(\\.[a-z0-9]+(-[a-z0-9]+)*)+");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");

  private final String name;
  private final String allowed;
  private final T defaultValue;
  private final Function<String, Optional<T>> parser;
  private final Function<T, String> printer;
  private final String doc;

  private Setting(
      String name,
      String allowed,
      T defaultValue,
      Function<String, Optional<T>> parser,
      Function<T, String> printer,
      String doc) {
    if (!NAME.matcher(requireNonNull(name, "name")).matches()) {
      throw new IllegalArgumentException(
          "A setting's name is histoflow. and lower-case words joined by dots or hyphens, not "
              + name);
    }
    this.name = name;
    this.allowed = allowed;
    this.defaultValue = defaultValue;
    this.parser = parser;
    this.printer = printer;
    this.doc = requireNonNull(doc, "doc");
    if (defaultValue != null && !parse(printer.apply(defaultValue)).equals(defaultValue)) {
      throw new IllegalArgumentException("The default of " + name + " does not read back");
    }
  }

  /**
   * A whole number.
   *
   * @param name the key
   * @param defaultValue the value when the key is absent; null means that the key is required
   * @param min the smallest allowed value
   * @param max the largest allowed value
   * @param doc what the setting does, with its unit
   * @return the setting
   */
  public static Setting<Integer> ofInt(
      String name, Integer defaultValue, int min, int max, String doc) {
    return new Setting<>(
        name,
        "a whole number from " + min + " to " + max,
        defaultValue,
        text -> number(text, Integer::valueOf).filter(value -> value >= min && value <= max),
        String::valueOf,
        doc);
  }

  /**
   * A whole number of 64 bits.
   *
   * @param name the key
   * @param defaultValue the value when the key is absent; null means that the key is required
   * @param min the smallest allowed value
   * @param max the largest allowed value
   * @param doc what the setting does, with its unit
   * @return the setting
   */
  public static Setting<Long> ofLong(
      String name, Long defaultValue, long min, long max, String doc) {
    return new Setting<>(
        name,
        "a whole number from " + min + " to " + max,
        defaultValue,
        text -> number(text, Long::valueOf).filter(value -> value >= min && value <= max),
        String::valueOf,
        doc);
  }

  /**
   * A finite decimal number.
   *
   * @param name the key
   * @param defaultValue the value when the key is absent; null means that the key is required
   * @param min the smallest allowed value
   * @param max the largest allowed value
   * @param doc what the setting does, with its unit
   * @return the setting
   */
  public static Setting<Double> ofDouble(
      String name, Double defaultValue, double min, double max, String doc) {
    return new Setting<>(
        name,
        "a number from " + min + " to " + max,
        defaultValue,
        text -> number(text, Double::valueOf).filter(value -> value >= min && value <= max),
        String::valueOf,
        doc);
  }

  /**
   * A length of time, written as a whole number and a unit: {@code 500ms}, {@code 30s}, {@code 5m},
   * {@code 2h} or {@code 7d}.
   *
   * @param name the key
   * @param defaultValue the value when the key is absent, written the same way; null means that the
   *     key is required
   * @param doc what the setting does
   * @return the setting
   */
  public static Setting<Duration> ofDuration(String name, String defaultValue, String doc) {
    Duration parsedDefault =
        defaultValue == null
            ? null
            : duration(defaultValue)
                .orElseThrow(() -> new IllegalArgumentException("Not a duration: " + defaultValue));
    return new Setting<>(
        name,
        "a duration such as 500ms, 30s, 5m, 2h or 7d",
        parsedDefault,
        Setting::duration,
        Setting::print,
        doc);
  }

  /**
   * Yes or no: {@code true} or {@code false}.
   *
   * @param name the key
   * @param defaultValue the value when the key is absent; null means that the key is required
   * @param doc what the setting does
   * @return the setting
   */
  public static Setting<Boolean> ofBoolean(String name, Boolean defaultValue, String doc) {
    return new Setting<>(
        name,
        "true or false",
        defaultValue,
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            },
        String::valueOf,
        doc);
  }

  /**
   * Text without line breaks, trimmed.
   *
   * @param name the key
   * @param defaultValue the value when the key is absent; null means that the key is required
   * @param doc what the setting does
   * @return the setting
   */
  public static Setting<String> ofString(String name, String defaultValue, String doc) {
    return new Setting<>(
        name,
        "text of at most 4096 characters without line breaks",
        defaultValue,
        text -> Optional.of(text).filter(value -> value.length() <= 4096 && !value.contains("\n")),
        Function.identity(),
        doc);
  }

  /**
   * A file or folder. A relative path is taken from the working directory.
   *
   * @param name the key
   * @param defaultValue the value when the key is absent; null means that the key is required
   * @param doc what the setting does
   * @return the setting
   */
  public static Setting<Path> ofPath(String name, Path defaultValue, String doc) {
    return new Setting<>(name, "a file path", defaultValue, Setting::path, Path::toString, doc);
  }

  /**
   * An absolute {@code http} or {@code https} address.
   *
   * @param name the key
   * @param defaultValue the value when the key is absent; null means that the key is required
   * @param doc what the setting does
   * @return the setting
   */
  public static Setting<URI> ofHttpUri(String name, URI defaultValue, String doc) {
    return new Setting<>(
        name,
        "an address such as http://host:8080",
        defaultValue,
        Setting::uri,
        URI::toString,
        doc);
  }

  /**
   * One of a fixed set of words: the enum's constants in lower case with hyphens, such as {@code
   * mean-entropy} for {@code MEAN_ENTROPY}.
   *
   * @param name the key
   * @param type the enum
   * @param defaultValue the value when the key is absent; null means that the key is required
   * @param doc what the setting does
   * @param <E> the enum
   * @return the setting
   */
  public static <E extends Enum<E>> Setting<E> ofEnum(
      String name, Class<E> type, E defaultValue, String doc) {
    E[] constants = type.getEnumConstants();
    return new Setting<>(
        name,
        "one of " + Arrays.stream(constants).map(Setting::word).collect(Collectors.joining(", ")),
        defaultValue,
        text ->
            Arrays.stream(constants)
                .filter(constant -> word(constant).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst(),
        Setting::word,
        doc);
  }

  /**
   * Returns the key.
   *
   * @return the key, which begins with {@link #PREFIX}
   */
  public String name() {
    return name;
  }

  /**
   * Returns what a value may look like.
   *
   * @return a phrase such as {@code a whole number from 1 to 100}
   */
  public String allowed() {
    return allowed;
  }

  /**
   * Returns what the setting does.
   *
   * @return one sentence
   */
  public String doc() {
    return doc;
  }

  /**
   * Returns the value used when the key is absent.
   *
   * @return the default, empty when the key is required
   */
  public Optional<T> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /**
   * Reads a value.
   *
   * @param text the value as written
   * @return the value
   * @throws ConfigException when the text is not allowed
   */
  public T parse(String text) {
    return parser
        .apply(text.strip())
        .orElseThrow(
            () -> new ConfigException(name + " is \"" + text + "\" but must be " + allowed + "."));
  }

  /**
   * Writes a value the way {@link #parse} reads it.
   *
   * @param value the value
   * @return its text
   */
  public String format(T value) {
    return printer.apply(value);
  }

  @Override
  public String toString() {
    return name;
  }

  private static <N extends Number> Optional<N> number(String text, Function<String, N> parse) {
    try {
      return Optional.of(parse.apply(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }

  private static String print(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0 || millis == 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private static Optional<Path> path(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<URI> uri(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return Optional.of(uri).filter(value -> http && value.getHost() != null);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
