package io.histoflow.loadtests.measuring;

import io.histoflow.launcher.Histoflow;
import io.histoflow.launcher.stack.DataDir;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ChildCommand;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * This program, started once more in a process of its own, as a person starts it: by {@code
 * ./histoflow} where it lies, with the options and the environment that the script gives. Where the
 * program runs without the script, the child runs as this process does.
 */
public final class OwnProgram {

  private OwnProgram() {}

  /**
   * Returns the command.
   *
   * @param name what messages call the child
   * @param log where its output goes
   * @param arguments what to do
   */
  public static ChildCommand command(String name, Path log, String... arguments) {
    return command(DataDir.home(), name, log, arguments);
  }

  /** As above, where the program lies in {@code home}. */
  public static ChildCommand command(Path home, String name, Path log, String... arguments) {
    Path script = home.resolve("histoflow").toAbsolutePath();
    if (Files.isExecutable(script)) {
      List<String> command = new ArrayList<>(List.of(script.toString()));
      command.addAll(List.of(arguments));
      return new ChildCommand(name, command, Map.of(), log);
    }
    List<String> options =
        new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
    options.add(
        "-D"
            + EmbeddedPlatform.REGISTRY_HOME
            + "="
            + System.getProperty(EmbeddedPlatform.REGISTRY_HOME, ""));
    return ChildCommand.java(
        name,
        options,
        System.getProperty("java.class.path"),
        Histoflow.class.getName(),
        List.of(arguments),
        log);
  }
}
