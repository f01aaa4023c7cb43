package io.histoflow.launcher.stack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the metrics of several processes together in Prometheus' text format, in which the samples
 * of one metric stand together under one description.
 */
final class MergedMetrics {
  private MergedMetrics() {}

  static String of(List<String> texts) {
    Map<String, StringBuilder> families = new LinkedHashMap<>();
    for (String text : texts) {
      append(text, families);
    }
    StringBuilder all = new StringBuilder();
    families.values().forEach(all::append);
    return all.toString();
  }

  private static void append(String text, Map<String, StringBuilder> families) {
    String family = "";
    boolean isNew = false;
    for (String line : text.lines().toList()) {
      if (line.startsWith("# HELP ") || line.startsWith("# TYPE ")) {
        String name = line.split(" ", 4)[2];
        if (!name.equals(family)) {
          family = name;
          isNew = !families.containsKey(name);
        }
        if (!isNew) {
          continue;
        }
      }
      families.computeIfAbsent(family, name -> new StringBuilder()).append(line).append('\n');
    }
  }
}
