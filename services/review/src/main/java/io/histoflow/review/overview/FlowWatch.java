package io.histoflow.review.overview;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.LoopService;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.Groups;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Looks every few seconds whether tiles come through inference. */
public final class FlowWatch extends LoopService {
  private static final Duration LONGEST_PERIOD = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
  private static final int TIMEOUT_SECONDS = 10;
  private static final List<String> TOPICS =
      List.of(
          Topics.TILES_SCANNED.name(),
          Topics.TILES_SEGMENTED.name(),
          Topics.TILES_DEAD_LETTER.name());

  private final KafkaClients clients;
  private final Consumer<Flow> taker;
  private final FlowHistory history;
  private final FlowJudge judge;
  private final Duration period;
  private Admin admin;

  /**
   * Makes the watch without starting it.
   *
   * @param taker given what was seen, every time
   * @param history takes how many tiles came through
   * @param patience how long tiles may wait without one of their partition being answered
   */
  public FlowWatch(
      KafkaClients clients, Consumer<Flow> taker, FlowHistory history, Duration patience) {
    super("review-flow", CLOSE_TIMEOUT);
    this.clients = clients;
    this.taker = taker;
    this.history = history;
    this.judge = new FlowJudge(patience, InstantSource.system());
    Duration half = patience.dividedBy(2);
    this.period = half.compareTo(LONGEST_PERIOD) < 0 ? half : LONGEST_PERIOD;
  }

  @Override
  protected void onStart() {
    admin = opened(clients.admin());
  }

  @Override
  protected void runOnce() throws InterruptedException {
    Flow flow;
    try {
      FlowJudge.Reading reading = reading();
      flow = judge.judge(reading);
      history.add(Instant.now(), reading.taken(), reading.waiting(), reading.deadLetters());
    } catch (ExecutionException | TimeoutException e) {
      flow =
          new Flow(
              Flow.State.UNKNOWN,
              0,
              "Whether inference goes on is not known: " + Sentences.of(e) + ".");
    }
    taker.accept(flow);
    boolean unused = pause(period);
  }

  private FlowJudge.Reading reading()
      throws InterruptedException, ExecutionException, TimeoutException {
    List<TopicPartition> partitions = new ArrayList<>();
    answer(admin.describeTopics(TOPICS).allTopicNames())
        .forEach(
            (topic, description) ->
                description
                    .partitions()
                    .forEach(info -> partitions.add(new TopicPartition(topic, info.partition()))));
    Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
    List<TopicPartition> scanned =
        partitions.stream().filter(p -> p.topic().equals(Topics.TILES_SCANNED.name())).toList();
    Map<TopicPartition, Long> begins = offsets(scanned, OffsetSpec.earliest());
    Map<TopicPartition, OffsetAndMetadata> done =
        answer(admin.listConsumerGroupOffsets(Groups.INFERENCE).partitionsToOffsetAndMetadata());
    Map<TopicPartition, FlowJudge.Range> ranges = new HashMap<>();
    for (TopicPartition partition : scanned) {
      // What has expired unread waits no longer.
      long begin = begins.get(partition);
      OffsetAndMetadata committed = done.get(partition);
      long next = committed == null ? begin : Math.max(begin, committed.offset());
      ranges.put(partition, new FlowJudge.Range(next, ends.get(partition)));
    }
    return new FlowJudge.Reading(
        ranges,
        sum(ends, Topics.TILES_SEGMENTED.name()),
        sum(ends, Topics.TILES_DEAD_LETTER.name()));
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> which));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> entry :
        answer(admin.listOffsets(asked).all()).entrySet()) {
      offsets.put(entry.getKey(), entry.getValue().offset());
    }
    return offsets;
  }

  private static long sum(Map<TopicPartition, Long> ends, String topic) {
    return ends.entrySet().stream()
        .filter(entry -> entry.getKey().topic().equals(topic))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static <T> T answer(KafkaFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
