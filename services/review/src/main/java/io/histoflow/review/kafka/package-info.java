/**
 * Kafka as this service needs it: single records read by position, transactions for many threads.
 */
package io.histoflow.review.kafka;
