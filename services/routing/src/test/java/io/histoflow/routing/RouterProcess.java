package io.histoflow.routing;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildProcess;
import io.histoflow.platform.lifecycle.ParentWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The routing service in a process of its own, so that a test can kill it. */
public final class RouterProcess {
  private RouterProcess() {}

  /**
   * Starts it.
   *
   * @param folder where its configuration and log go
   */
  static ChildProcess start(ServiceConfig config, Path folder) {
    Path file = folder.resolve("router.properties");
    config.save(file);
    return ChildProcess.start(
        ChildCommand.java(
            "routing",
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            System.getProperty("java.class.path"),
            RouterProcess.class.getName(),
            List.of(file.toString()),
            folder.resolve("router.log")),
        Duration.ofSeconds(10));
  }

  /** Kills it: it has no time to leave its group or to end its transaction. */
  static void kill(ChildProcess router) {
    ProcessHandle.of(router.pid()).orElseThrow().destroyForcibly();
  }

  /**
   * Runs the service until the process is ended.
   *
   * @param arguments the configuration file
   */
  public static void main(String[] arguments) throws InterruptedException {
    ParentWatch.exitWhenParentDies();
    RoutingService service = new RoutingService(ServiceConfig.load(Path.of(arguments[0])));
    service.start();
    // The process ends by being killed.
    Thread.currentThread().join();
  }
}
