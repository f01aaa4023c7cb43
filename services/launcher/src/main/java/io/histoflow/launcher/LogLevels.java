package io.histoflow.launcher;

import java.util.Set;

/**
 * How much is logged: a service of a cluster says what it does, a command for a person only what
 * needs attention, because its progress tells the rest. System properties given by hand win.
 */
final class LogLevels {
  private static final String OURS = "histoflow.log.level";
  private static final String OTHERS = "histoflow.log.root.level";
  private static final Set<String> SERVICES =
      Set.of("infer", "route", "review", "fine-tune", "report", "parts");

  private LogLevels() {}

  /** Must run before anything logs. */
  static void choose(String... args) {
    boolean service = args.length > 0 && SERVICES.contains(args[0]);
    setIfAbsent(OURS, service ? "INFO" : "WARN");
    setIfAbsent(OTHERS, service ? "WARN" : "ERROR");
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
