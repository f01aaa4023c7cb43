package io.histoflow.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
  private static final Duration AT_ONCE = Duration.ofNanos(1);

  @Test
  void shouldGoOnForAsLongAsTheRoundMovesAndNoLonger() {
    // Given a round of twenty steps that no topic tells of
    AtomicLong steps = new AtomicLong();
    try (LoopWatch watch = watch()) {
      // When / Then
      assertThat(
              watch.readUntil(
                  () -> steps.get() == 20,
                  AT_ONCE,
                  () -> Optional.of(String.valueOf(steps.incrementAndGet())),
                  () -> {}))
          .isTrue();
      assertThat(
              watch.readUntil(
                  () -> false, AT_ONCE, () -> Optional.of(String.valueOf(steps.get())), () -> {}))
          .isFalse();
      assertThat(watch.readUntil(() -> false, AT_ONCE, Optional::empty, () -> {})).isFalse();
    }
  }

  private static LoopWatch watch() {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    Map<TopicPartition, Long> beginnings = new HashMap<>();
    for (TopicSpec<?> topic : Topics.all()) {
      for (int p = 0; p < topic.partitions(); p++) {
        beginnings.put(new TopicPartition(topic.name(), p), 0L);
      }
    }
    for (int p = 0; p < Topics.TILES_DEAD_LETTER.partitions(); p++) {
      beginnings.put(new TopicPartition(Topics.TILES_DEAD_LETTER.name(), p), 0L);
    }
    consumer.updateBeginningOffsets(beginnings);
    return new LoopWatch(consumer, Map.of("schema.registry.url", "mock://loop-watch"));
  }
}
