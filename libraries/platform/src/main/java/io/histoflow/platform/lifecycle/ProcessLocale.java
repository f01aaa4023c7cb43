package io.histoflow.platform.lifecycle;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The one language that every process of ours works in, whatever the machine speaks. Kafka, Quarkus
 * and others turn words into upper case by the default locale, and a Turkish i breaks them; numbers
 * have other digits and commas elsewhere; names of files need UTF-8.
 */
public final class ProcessLocale {
  /** For the command line of every Java process that is started. */
  public static final List<String> JVM_OPTIONS =
      List.of(
          "-Duser.language=en",
          "-Duser.country=US",
          "-Duser.script=",
          "-Duser.variant=",
          "-Duser.extensions=",
          "-Dfile.encoding=UTF-8");

  /**
   * For its environment: Java reads how names of files are written from there only, and libraries
   * in C how numbers are. The script histoflow exports the same.
   */
  public static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C.UTF-8");

  private ProcessLocale() {}

  /**
   * Makes it this process's, where somebody's environment (JAVA_TOOL_OPTIONS, _JAVA_OPTIONS) says
   * otherwise. To be called first of all in a main method.
   */
  public static void use() {
    Locale.setDefault(Locale.US);
  }
}
