package io.histoflow.launcher.stack;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.schemas.Groups;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells whether routing has seen every segmented tile, by the offsets that it has committed.
 *
 * @param admin client of the cluster; the caller closes it
 */
public record RoutingProgress(Admin admin) {

  /** True once the committed offset of each partition has reached the given one. */
  public boolean hasReached(Map<TopicPartition, Long> ends) {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(Groups.ROUTING).partitionsToOffsetAndMetadata().get();
      return ends.entrySet().stream()
          .allMatch(
              end -> {
                OffsetAndMetadata offset = committed.get(end.getKey());
                return offset != null && offset.offset() >= end.getValue();
              });
    } catch (ExecutionException e) {
      throw new CommandFailedException(
          "The offsets of the group "
              + Groups.ROUTING
              + " cannot be read: "
              + e.getCause().getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
