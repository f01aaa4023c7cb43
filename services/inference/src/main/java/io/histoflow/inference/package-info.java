/**
 * Segments scanned tiles: a consumer group that decodes, batches, asks the network and publishes
 * masks with their uncertainty, each input record answered exactly once.
 *
 * <p>Three kinds of threads share the work. The service's own thread talks to Kafka and to nothing
 * else: it polls, and it commits what is finished. A pool decodes images and encodes masks. One
 * thread runs the network. A tile travels between them as a {@link
 * io.histoflow.inference.WorkItem}, always in the order in which it was polled.
 */
package io.histoflow.inference;
