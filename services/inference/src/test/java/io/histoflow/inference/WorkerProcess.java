package io.histoflow.inference;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.ParentWatch;
import java.nio.file.Path;

/** An inference worker in a process of its own, so that a test can kill it. */
public final class WorkerProcess {
  private WorkerProcess() {}

  /**
   * Runs a worker until the process is ended.
   *
   * @param arguments the configuration file
   */
  public static void main(String[] arguments) throws InterruptedException {
    ParentWatch.exitWhenParentDies();
    InferenceService worker = new InferenceService(ServiceConfig.load(Path.of(arguments[0])));
    worker.start();
    worker.awaitStopped();
  }
}
