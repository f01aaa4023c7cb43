package io.histoflow.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskTopologiesTest {
  @TempDir Path stateDir;

  @Test
  void shouldBeTheTopologyInTwoHalvesWithoutWhatMeasuresRecall() {
    // Given
    Map<String, Object> config = TaskTopologies.unconnected("halves", stateDir);
    StreamsConfig streams = new StreamsConfig(config);
    TopologySettings settings = TopologySettings.defaults();

    // When
    Set<String> halves = edges(TaskTopologies.routers(settings, streams, TopologyListener.NONE, 0));
    halves.addAll(edges(TaskTopologies.keepers(settings, streams, TopologyListener.NONE)));

    RoutingTopology recall = new RoutingTopology(settings, streams, TopologyListener.NONE);
    recall.measure(recall.corrections());
    halves.addAll(edges(recall.builder().build()));

    // Then: every operator, store and connection but the read of the repartitioned summaries
    Set<String> whole = edges(RoutingTopology.build(settings, streams, TopologyListener.NONE));
    assertThat(rest(whole, halves))
        .allMatch(edge -> edge.startsWith("organ-scores-by-organ-repartition-source -> "));
    assertThat(rest(halves, whole)).allMatch(edge -> edge.startsWith("read-summaries -> "));
    assertThat(rest(whole, halves)).hasSameSizeAs(rest(halves, whole)).hasSize(2);
  }

  private static Set<String> rest(Set<String> of, Set<String> without) {
    Set<String> rest = new HashSet<>(of);
    rest.removeAll(without);
    return rest;
  }

  private static Set<String> edges(Topology topology) {
    return topology.describe().subtopologies().stream()
        .flatMap(part -> part.nodes().stream())
        .flatMap(TaskTopologiesTest::edges)
        .collect(Collectors.toSet());
  }

  private static Stream<String> edges(Node node) {
    Set<String> edges =
        node.successors().stream()
            .map(next -> node.name() + " -> " + next.name())
            .collect(Collectors.toSet());
    if (node instanceof Processor processor) {
      processor.stores().forEach(store -> edges.add(node.name() + " keeps " + store));
    }
    return edges.stream();
  }
}
