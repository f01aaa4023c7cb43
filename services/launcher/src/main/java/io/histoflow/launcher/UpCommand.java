package io.histoflow.launcher;

import io.histoflow.commandline.StopSignal;
import io.histoflow.commandline.Terminal;
import io.histoflow.launcher.options.SettingsCatalogue;
import io.histoflow.launcher.stack.DataDir;
import io.histoflow.launcher.stack.Stack;
import io.histoflow.platform.config.PrivateDirectory;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ParentWatch;
import io.histoflow.review.ReviewSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything on this machine, with the dashboard, until Ctrl-C. */
@Command(
    name = "up",
    description = "Run the embedded platform, every service and the dashboard until Ctrl-C.",
    mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {
  /** How the line begins that is printed when everything runs. */
  public static final String DASHBOARD = "Dashboard:";

  private static final Duration CHECK = Duration.ofMillis(500);
  private static final int CHECKS_PER_LOOK_AT_THE_DISK = 20;

  /** While it starts there is no work that must be finished. */
  private static final Duration PATIENCE_AT_START = Duration.ofSeconds(2);

  @Option(
      names = "--port",
      description =
          "Port of the dashboard; 0 takes a free one (histoflow.review.port of --config, else"
              + " 8080).")
  private Integer port;

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
    Path directory = (dataDir == null ? DataDir.standard() : dataDir).toAbsolutePath().normalize();
    ServiceConfig settings = settings();
    try (StopSignal stop = new StopSignal(PATIENCE_AT_START)) {
      Consumer<String> say =
          line -> {
            // What ends because everything ends is no news.
            if (!stop.isRequested()) {
              terminal.say(line);
            }
          };
      say.accept("Starting in " + directory);
      PrivateDirectory.ensure(directory).ifPresent(say);
      try (Stack stack = Stack.start(directory, settings, say)) {
        if (!stop.isRequested()) {
          stack.startFineTuning(Map.of());
          stop.waitForTheEndOfWork();
        }
        say.accept(DASHBOARD + "      " + stack.dashboard());
        stack.linkFile().ifPresent(file -> sayLink(file, say));
        say.accept("Client config:  " + stack.dataDir().resolve(EmbeddedPlatform.CLIENT_CONFIG));
        say.accept("Logs:           " + stack.dataDir().resolve("logs"));
        say.accept("Publish tiles:  ./histoflow scan IMAGE --organ breast");
        say.accept("Ctrl-C stops everything.");
        untilStopped(stack, stop, say);
        terminal.say("Stopping ...");
        return 0;
      }
    }
  }

  private ServiceConfig settings() {
    ServiceConfig settings =
        SettingsCatalogue.known(
            config == null ? ServiceConfig.of(Map.of()) : ServiceConfig.load(config));
    return port == null ? settings : settings.with(ReviewSettings.PORT, port);
  }

  /** To this terminal only: what services say is logged. */
  private static void sayLink(Path file, Consumer<String> say) {
    try {
      say.accept("Open it with:   " + Files.readString(file).strip());
      say.accept("                (works once; the next one is in " + file + ")");
    } catch (IOException e) {
      say.accept("Open it with the link in " + file + ", when the dashboard runs.");
    }
  }

  /** Parts that die are started again meanwhile. */
  private static void untilStopped(Stack stack, StopSignal stop, Consumer<String> say)
      throws InterruptedException {
    Optional<String> told = Optional.empty();
    for (int checks = 0; !stop.await(CHECK); checks++) {
      if (checks % CHECKS_PER_LOOK_AT_THE_DISK == 0) {
        Optional<String> complaint = stack.diskComplaint();
        if (complaint.isPresent() && told.isEmpty()) {
          say.accept(complaint.get());
        }
        told = complaint;
      }
    }
  }
}
