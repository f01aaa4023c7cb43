package io.histoflow.launcher.demo;

import io.histoflow.launcher.console.CommandFailedException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Tells whether routing has seen every segmented tile, by the offsets that it has committed. */
final class RoutingProgress {
  private final Admin admin;
  private final String group;

  RoutingProgress(Admin admin, String group) {
    this.admin = admin;
    this.group = group;
  }

  /** True once the committed offset of each partition has reached the given one. */
  boolean hasReached(Map<TopicPartition, Long> ends) {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      return ends.entrySet().stream()
          .allMatch(
              end -> {
                OffsetAndMetadata offset = committed.get(end.getKey());
                return offset != null && offset.offset() >= end.getValue();
              });
    } catch (ExecutionException e) {
      throw new CommandFailedException(
          "The offsets of the group " + group + " cannot be read: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
