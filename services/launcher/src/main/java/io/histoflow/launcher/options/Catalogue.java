package io.histoflow.launcher.options;

import io.histoflow.commandline.StopSignal;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.Contracts;
import java.time.Duration;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings topics and subjects of a cluster in order before a service starts, and waits for brokers
 * and registry that are not up yet, so that services may be started in any order.
 */
public record Catalogue(ServiceConfig config) {
  private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** Returns false when the process was told to stop while it waited. */
  public boolean ensureOrStop(StopSignal stop) throws InterruptedException {
    while (true) {
      try {
        ensure();
        return true;
      } catch (RetriableException e) {
        LOG.atWarn()
            .addKeyValue("reason", e.getMessage())
            .log("brokers or schema registry are not reachable yet; trying again");
      }
      if (stop.await(PAUSE)) {
        return false;
      }
    }
  }

  /** Does it once, without waiting. */
  public void ensure() {
    Contracts.ensure(config);
  }
}
