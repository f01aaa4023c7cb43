package io.histoflow.platform.observability;

import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceState;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
   * Says what each part does at this moment.
   *
   * @return a line for each, ending with a line break: its name, its state, and why if it is down
   */
  default String parts() {
    return "";
  }

  /**
   * The health of services: alive unless one has failed, ready when all are running without
   * trouble.
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
        return all.stream().flatMap(service -> lack(service).stream()).findFirst();
      }

      @Override
      public String parts() {
        return all.stream()
            .map(service -> service.name() + " " + service.state() + "\n")
            .collect(Collectors.joining());
      }
    };
  }

  private static Optional<String> lack(Service service) {
    return service.state() == ServiceState.RUNNING
        ? service.trouble().map(trouble -> service.name() + ": " + trouble)
        : Optional.of(service.name() + " is " + service.state());
  }
}
