package io.histoflow.platform.observability;

import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceState;
import java.util.List;
import java.util.Optional;

/** What a health check asks. Answers must be quick and may come from any thread. */
public interface Health {

  /**
   * Tells whether the process is past saving and should be started again.
   *
   * @return why, empty when it is alive
   */
  Optional<String> whyNotLive();

  /**
   * Tells whether the process cannot do its work at this moment.
   *
   * @return why, empty when it is ready
   */
  Optional<String> whyNotReady();

  /**
   * The health of services: alive unless one has failed, ready when all are running.
   *
   * @param services the services
   * @return their health
   */
  static Health of(Service... services) {
    List<Service> all = List.of(services);
    return new Health() {
      @Override
      public Optional<String> whyNotLive() {
        return all.stream()
            .filter(service -> service.state() == ServiceState.FAILED)
            .findFirst()
            .map(
                service ->
                    service.name()
                        + " has failed: "
                        + service.failure().map(Sentences::of).orElse("no reason known"));
      }

      @Override
      public Optional<String> whyNotReady() {
        return all.stream()
            .filter(service -> service.state() != ServiceState.RUNNING)
            .findFirst()
            .map(service -> service.name() + " is " + service.state())
            .or(() -> all.stream().flatMap(s -> s.whyNotReady().stream()).findFirst());
      }
    };
  }
}
