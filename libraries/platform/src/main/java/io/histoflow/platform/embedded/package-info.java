/**
 * A whole platform on one machine, for the laptop and for tests: a Kafka broker in this process and
 * a schema registry as a child process, both on loopback ports, both keeping their data in one
 * directory. A cluster replaces it by configuration alone.
 *
 * <p>Tests of other modules share one platform per JVM through {@code
 * io.histoflow.platform.testing.PlatformExtension}, a JUnit 5 extension in this module's test jar.
 */
package io.histoflow.platform.embedded;
