/**
 * Configuration of a service: a Java properties file whose {@code histoflow.*} keys are declared,
 * typed and checked by {@link io.histoflow.platform.config.Setting}, and whose other keys go to the
 * Kafka and schema registry clients as they are.
 */
package io.histoflow.platform.config;
