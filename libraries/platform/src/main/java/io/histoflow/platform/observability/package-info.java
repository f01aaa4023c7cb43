/**
 * What operations sees of a service: metrics in Prometheus' text format and health checks, over
 * HTTP.
 */
package io.histoflow.platform.observability;
