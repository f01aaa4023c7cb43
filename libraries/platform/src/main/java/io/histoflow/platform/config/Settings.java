package io.histoflow.platform.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The settings that belong together, usually those of one service, under a title.
 *
 * @param title what the settings configure, such as {@code inference}
 * @param all the settings in the order in which they are described
 */
public record Settings(String title, List<Setting<?>> all) {

  /** Checks that no key is declared twice. */
  public Settings {
    all = List.copyOf(all);
    Set<String> names = new HashSet<>();
    for (Setting<?> setting : all) {
      if (!names.add(setting.name())) {
        throw new IllegalArgumentException(title + " declares " + setting.name() + " twice");
      }
    }
  }

  /**
   * Groups settings.
   *
   * @param title what they configure
   * @param settings the settings
   * @return the group
   */
  public static Settings of(String title, Setting<?>... settings) {
    return new Settings(title, List.of(settings));
  }

  /**
   * Describes the settings as a Markdown table: key, default, allowed values, meaning.
   *
   * @return the table, one line per setting, ending with a line break
   */
  public String describe() {
    StringBuilder table = new StringBuilder(128 * (all.size() + 2));
    table.append("| key | default | allowed | meaning |\n|---|---|---|---|\n");
    for (Setting<?> setting : all) {
      table
          .append("| ")
          .append(setting.name())
          .append(" | ")
          .append(defaultText(setting))
          .append(" | ")
          .append(setting.allowed())
          .append(" | ")
          .append(setting.doc())
          .append(" |\n");
    }
    return table.toString();
  }

  private static <T> String defaultText(Setting<T> setting) {
    return setting.defaultValue().map(setting::format).orElse("(none)");
  }
}
