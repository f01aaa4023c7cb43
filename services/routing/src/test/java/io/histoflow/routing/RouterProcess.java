package io.histoflow.routing;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.ParentWatch;
import java.nio.file.Path;

/** The routing service in a process of its own, so that a test can kill it. */
public final class RouterProcess {
  private RouterProcess() {}

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
