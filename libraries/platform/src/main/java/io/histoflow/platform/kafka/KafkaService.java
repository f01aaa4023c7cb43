package io.histoflow.platform.kafka;

import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.LoopService;

/**
 * The base of a service that lives on topics. It brings the cluster's {@link Contracts} in order
 * before it starts; what it {@linkplain #opened opens} is closed when it ends.
 */
public abstract class KafkaService extends LoopService {
  private final ServiceConfig config;

  /**
   * Makes the service without starting it.
   *
   * @param name the service's name, also its thread's, and what its client ids begin with
   * @param config client keys, {@link CommonSettings} and the service's own
   * @throws io.histoflow.platform.config.ConfigException where a value is not allowed
   */
  protected KafkaService(String name, ServiceConfig config) {
    super(name, config.get(CommonSettings.SHUTDOWN_TIMEOUT));
    this.config = config;
  }

  /**
   * Acquires what the loop needs.
   *
   * @param clients makes the service's Kafka clients
   * @throws Exception when the service cannot start
   */
  protected abstract void onStart(KafkaClients clients) throws Exception;

  @Override
  protected final void onStart() throws Exception {
    Contracts.ensure(config);
    onStart(new KafkaClients(config, name()));
  }

  /** Returns the configuration. */
  protected final ServiceConfig config() {
    return config;
  }
}
