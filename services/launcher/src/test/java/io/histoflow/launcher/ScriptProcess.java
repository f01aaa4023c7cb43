package io.histoflow.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** Runs the script histoflow itself, as it is installed, on the classes under test. */
final class ScriptProcess {
  private final Path home;

  /** Installs it in a folder. */
  ScriptProcess(Path home) throws IOException {
    this.home = home;
    Path script = Path.of(System.getProperty("histoflow.root"), "histoflow");
    Files.copy(script, home.resolve("histoflow"));
    if (!home.resolve("histoflow").toFile().setExecutable(true)) {
      throw new IOException("The script cannot be made executable.");
    }
    Path lib = Files.createDirectory(home.resolve("lib"));
    try (OutputStream out = Files.newOutputStream(lib.resolve("classes.jar"))) {
      new JarOutputStream(out, classPath()).close();
    }
  }

  /** Starts a command in an environment that adds to this process's; the log takes its output. */
  Process start(Map<String, String> environment, Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(home.resolve("histoflow").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder
        .environment()
        .put("HISTOFLOW_REGISTRY_HOME", System.getProperty("histoflow.registry.home"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** A jar that holds nothing and names all others. */
  private static Manifest classPath() {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(":"))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    return manifest;
  }
}
