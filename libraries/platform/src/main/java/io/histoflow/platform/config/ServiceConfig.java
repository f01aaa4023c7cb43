package io.histoflow.platform.config;

import io.histoflow.schemas.AvroDeserializer;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

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

  /** Makes a configuration from key-value pairs. */
  public static ServiceConfig of(Map<String, String> values) {
    return new ServiceConfig(values);
  }

  /**
   * Reads a Java properties file in UTF-8.
   *
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
            "The configuration file %s is larger than 1 MiB: it should be a Java properties file."
                .formatted(file));
      }
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      }
    } catch (IOException e) {
      throw new ConfigException(
          "The configuration file %s cannot be read: it must be readable and in UTF-8 (%s)."
              .formatted(file, e.getClass().getSimpleName()),
          e);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "The configuration file %s is not a Java properties file: write a backslash as \\\\ (%s)."
              .formatted(file, e.getMessage()),
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
   * Returns a setting's configured value, else its default.
   *
   * @throws ConfigException when the value is not allowed, or is absent and has no default
   */
  public <T> T get(Setting<T> setting) {
    return find(setting)
        .orElseThrow(
            () ->
                new ConfigException(
                    "%s is not set: give it %s (%s)."
                        .formatted(setting.name(), setting.allowed(), setting.doc())));
  }

  /**
   * Returns a setting's configured value, else its default, else nothing.
   *
   * @throws ConfigException when the value is not allowed
   */
  public <T> Optional<T> find(Setting<T> setting) {
    String text = values.get(setting.name());
    return text == null ? setting.defaultValue() : Optional.of(setting.parse(text));
  }

  /**
   * Returns what is meant for the Kafka and schema registry clients, in a new map: every key that
   * does not begin with {@code histoflow.}, such as {@code bootstrap.servers}, {@code security.*}
   * and {@code schema.registry.url}.
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

  /** Returns a copy with one key set. */
  public ServiceConfig with(String key, String value) {
    Map<String, String> changed = new HashMap<>(values);
    changed.put(key, value);
    return new ServiceConfig(changed);
  }

  /** Returns a copy with one setting set. */
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

  /** Returns every key with its value, sorted by key; values may be credentials. */
  public Map<String, String> asMap() {
    return values;
  }

  @Override
  public String toString() {
    return values.keySet().stream().collect(Collectors.joining(", ", "ServiceConfig[", "]"));
  }

  private static Optional<String> nearest(String key, Set<String> names) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return names.stream().min(Comparator.comparing(name -> distance.apply(key, name)));
  }
}
