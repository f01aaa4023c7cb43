package io.histoflow.platform.observability;

/** The names of the metrics that every service has. */
public final class MetricNames {
  /** 1 while a service runs, 0 otherwise; tagged {@link #SERVICE}. */
  public static final String SERVICE_UP = "histoflow_service_up";

  /** How often a child process was started again; tagged {@link #SERVICE}. */
  public static final String CHILD_RESTARTS = "histoflow_child_restarts_total";

  /** The tag that names a service. */
  public static final String SERVICE = "service";

  private MetricNames() {}
}
