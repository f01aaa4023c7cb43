package io.histoflow.platform.config;

import io.histoflow.schemas.AvroDeserializer;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The configuration of a service: immutable key-value pairs, {@code histoflow.*} keys for us and
 * all others for the Kafka and schema registry clients. Its text form names the keys and never
 * their values, which may be credentials.
 */
public final class ServiceConfig {
  private static final long MAX_FILE_BYTES = 1L << 20;

  private final Map<String, String> values;

  private ServiceConfig(Map<String, String> values) {
    this.values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /**
   * Makes a configuration from key-value pairs.
   *
   * @param values the pairs
   * @return the configuration
   */
  public static ServiceConfig of(Map<String, String> values) {
    return new ServiceConfig(values);
  }

  /**
   * Reads a Java properties file in UTF-8.
   *
   * @param file the file
   * @return the configuration
   * @throws ConfigException when the file is missing, unreadable, larger than 1 MiB or malformed
   */
  public static ServiceConfig load(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(
          "There is no configuration file " + file.toAbsolutePath() + ": check the path.");
    }
    Properties properties = new Properties();
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new ConfigException(
            "The configuration file "
                + file
                + " is larger than 1 MiB: it should be a Java properties file.");
      }
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      }
    } catch (IOException e) {
      throw new ConfigException(
          "The configuration file "
              + file
              + " cannot be read: it must be readable and in UTF-8 ("
              + e.getClass().getSimpleName()
              + ").",
          e);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "The configuration file "
              + file
              + " is not a Java properties file: write a backslash as \\\\ ("
              + e.getMessage()
              + ").",
          e);
    }
    Map<String, String> values = new HashMap<>();
    for (String key : properties.stringPropertyNames()) {
      values.put(key, properties.getProperty(key).strip());
    }
    return new ServiceConfig(values);
  }

  /**
   * Writes a Java properties file that {@link #load} reads and that only its owner can read;
   * folders that lack are made.
   *
   * @param file the file, replaced where it exists
   * @throws ConfigException when it cannot be written
   */
  public void save(Path file) {
    Properties properties = new Properties();
    properties.putAll(values);
    try {
      StringWriter text = new StringWriter();
      properties.store(text, "written by histoflow; changed at every start");
      PrivateFile.write(file, text.toString());
    } catch (IOException e) {
      throw new ConfigException(
          "The configuration file " + file + " cannot be written: " + PrivateFile.reason(e) + ".",
          e);
    }
  }

  /**
   * Reads a setting.
   *
   * @param setting the setting
   * @param <T> the type of its value
   * @return the configured value, else the default
   * @throws ConfigException when the value is not allowed, or is absent and has no default
   */
  public <T> T get(Setting<T> setting) {
    return find(setting)
        .orElseThrow(
            () ->
                new ConfigException(
                    setting.name()
                        + " is not set: give it "
                        + setting.allowed()
                        + " ("
                        + setting.doc()
                        + ")."));
  }

  /**
   * Reads a setting that may be absent.
   *
   * @param setting the setting
   * @param <T> the type of its value
   * @return the configured value, else the default, else empty
   * @throws ConfigException when the value is not allowed
   */
  public <T> Optional<T> find(Setting<T> setting) {
    String text = values.get(setting.name());
    return text == null ? setting.defaultValue() : Optional.of(setting.parse(text));
  }

  /**
   * Returns what is meant for the Kafka and schema registry clients: every key that does not begin
   * with {@code histoflow.}, such as {@code bootstrap.servers}, {@code security.*} and {@code
   * schema.registry.url}.
   *
   * @return a new map that the caller may change
   */
  public Map<String, Object> clientProperties() {
    Map<String, Object> properties = new HashMap<>();
    if (values.containsKey(CommonSettings.LOST_SCHEMA_PATIENCE.name())) {
      properties.put(
          AvroDeserializer.PATIENCE,
          Long.toString(get(CommonSettings.LOST_SCHEMA_PATIENCE).toMillis()));
    }
    values.forEach(
        (key, value) -> {
          if (!key.startsWith(Setting.PREFIX)) {
            properties.put(key, value);
          }
        });
    return properties;
  }

  /**
   * Returns a configuration with one key set.
   *
   * @param key the key
   * @param value its value
   * @return the changed copy
   */
  public ServiceConfig with(String key, String value) {
    Map<String, String> changed = new HashMap<>(values);
    changed.put(key, value);
    return new ServiceConfig(changed);
  }

  /**
   * Returns a configuration with one setting set.
   *
   * @param setting the setting
   * @param value its value
   * @param <T> the type of the value
   * @return the changed copy
   */
  public <T> ServiceConfig with(Setting<T> setting, T value) {
    return with(setting.name(), setting.format(value));
  }

  /**
   * Checks that every {@code histoflow.*} key is declared and has an allowed value, so that a
   * typing error is found at start-up.
   *
   * @param known the settings of every service that reads this configuration
   * @throws ConfigException naming the first unknown key and the declared key nearest to it, or the
   *     first value that is not allowed
   */
  public void requireKnown(Settings... known) {
    Map<String, Setting<?>> declared = new TreeMap<>();
    for (Settings settings : known) {
      settings.all().forEach(setting -> declared.put(setting.name(), setting));
    }
    values.forEach(
        (key, value) -> {
          if (!key.startsWith(Setting.PREFIX)) {
            return;
          }
          Setting<?> setting = declared.get(key);
          if (setting == null) {
            throw new ConfigException(
                key
                    + " is not a known setting"
                    + nearest(key, declared.keySet())
                        .map(name -> ": did you mean " + name + "?")
                        .orElse("."));
          }
          setting.parse(value);
        });
  }

  /**
   * Returns every key with its value, sorted by key.
   *
   * @return an immutable map; values may be credentials
   */
  public Map<String, String> asMap() {
    return values;
  }

  @Override
  public String toString() {
    return values.keySet().stream().collect(Collectors.joining(", ", "ServiceConfig[", "]"));
  }

  private static Optional<String> nearest(String key, Set<String> names) {
    return names.stream().min(Comparator.comparingInt(name -> distance(key, name)));
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    Arrays.setAll(previous, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
