package io.histoflow.platform.lifecycle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How to start a child process.
 *
 * @param name what messages call it
 * @param command the program and its arguments
 * @param environment variables added to those of this process
 * @param logFile where its standard output and error are appended
 */
public record ChildCommand(
    String name, List<String> command, Map<String, String> environment, Path logFile) {

  /** Copies the collections. */
  public ChildCommand {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("The child process " + name + " has no command.");
    }
  }

  /**
   * A child that runs on the same Java as this process, with {@link ProcessLocale}.
   *
   * @param name what messages call it
   * @param jvmOptions options of the Java virtual machine, such as {@code -Xmx512m}
   * @param classPath the class path
   * @param mainClass the class to run
   * @param arguments its arguments
   * @param logFile where its standard output and error are appended
   * @return the command
   */
  public static ChildCommand java(
      String name,
      List<String> jvmOptions,
      String classPath,
      String mainClass,
      List<String> arguments,
      Path logFile) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ProcessLocale.JVM_OPTIONS);
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(classPath);
    command.add(mainClass);
    command.addAll(arguments);
    return new ChildCommand(name, command, ProcessLocale.ENVIRONMENT, logFile);
  }

  /**
   * Returns the same command with more environment variables.
   *
   * @param variables the variables to add
   * @return the changed copy
   */
  public ChildCommand withEnvironment(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(variables);
    return new ChildCommand(name, command, all, logFile);
  }
}
