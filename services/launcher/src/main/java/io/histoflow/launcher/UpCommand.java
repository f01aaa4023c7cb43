package io.histoflow.launcher;

import io.histoflow.launcher.console.CommandFailedException;
import io.histoflow.launcher.console.StopSignal;
import io.histoflow.launcher.console.Terminal;
import io.histoflow.launcher.stack.DataDir;
import io.histoflow.launcher.stack.Stack;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ParentWatch;
import io.histoflow.review.ReviewSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything on this machine, with the dashboard, until Ctrl-C. */
@Command(
    name = "up",
    description = "Run the embedded platform, every service and the dashboard until Ctrl-C.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  /** How the line begins that is printed when everything runs. */
  static final String DASHBOARD = "Dashboard:";

  private static final Duration CHECK = Duration.ofMillis(500);

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "Port of the dashboard on 127.0.0.1; 0 takes a free one (${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Where topics, schemas and reports are kept; started again there, it goes on where it"
              + " ended (.histoflow beside the program).")
  private Path dataDir;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Java properties with histoflow.* settings; 'histoflow settings' lists them.")
  private Path config;

  @Override
  public Integer call() throws InterruptedException {
    ParentWatch.exitWhenParentDies();
    Terminal terminal = Terminal.standard();
    Path directory = dataDir == null ? DataDir.standard() : dataDir;
    try (StopSignal stop = new StopSignal()) {
      terminal.say("Starting broker, schema registry and services in " + directory + " ...");
      try (Stack stack = Stack.start(directory, overrides())) {
        stack.startFineTuning(Map.of());
        Path client = stack.dataDir().resolve(EmbeddedPlatform.CLIENT_CONFIG);
        terminal.say(DASHBOARD + "      " + stack.dashboard());
        terminal.say("Client config:  " + client);
        terminal.say("Logs:           " + stack.dataDir().resolve("logs"));
        terminal.say("Publish tiles:  ./histoflow scan IMAGE --organ breast");
        terminal.say("Ctrl-C stops everything.");
        return untilStopped(stack, stop);
      }
    }
  }

  private ServiceConfig overrides() {
    ServiceConfig settings =
        config == null ? ServiceConfig.of(Map.of()) : ServiceConfig.load(config);
    settings.requireKnown(SettingsCommand.CATALOGUE.toArray(Settings[]::new));
    return settings.with(ReviewSettings.PORT, port);
  }

  private static int untilStopped(Stack stack, StopSignal stop) throws InterruptedException {
    while (!stop.await(CHECK)) {
      Optional<String> failure = stack.failure();
      if (failure.isPresent()) {
        throw new CommandFailedException(failure.get());
      }
    }
    return 0;
  }
}
