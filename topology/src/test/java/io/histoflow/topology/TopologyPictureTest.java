package io.histoflow.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyPictureTest {
  @TempDir Path stateDir;

  @Test
  void shouldDrawTopicsOperatorsAndStores() {
    // Given
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream("in.v1", Consumed.with(Serdes.String(), Serdes.String()).withName("read"))
        .filter((key, value) -> value != null, Named.as("not-deleted"))
        .to("out.v1", Produced.with(Serdes.String(), Serdes.String()).withName("write"));

    // When
    String picture = TopologyPicture.mermaid(builder.build().describe());

    // Then
    assertThat(picture)
        .isEqualTo(
            """
            flowchart LR
              topic_in_v1[/"in.v1"/]
              topic_out_v1[/"out.v1"/]
              subgraph part0["part 0"]
                operator_not_deleted(["not-deleted"])
                operator_read(["read"])
                operator_write(["write"])
              end
              operator_not_deleted --> operator_write
              operator_read --> operator_not_deleted
              operator_write --> topic_out_v1
              topic_in_v1 --> operator_read
            """);
  }

  @Test
  void shouldNameEveryOperatorAndStoreOfTheTopology() {
    // Given
    TopologyDescription description = description();

    // When
    String picture = TopologyPicture.mermaid(description);

    // Then
    Set<String> names =
        description.subtopologies().stream()
            .flatMap(part -> part.nodes().stream())
            .map(TopologyDescription.Node::name)
            .collect(Collectors.toSet());
    assertThat(names).hasSizeGreaterThan(20).allMatch(name -> picture.contains("\"" + name + "\""));
    assertThat(picture)
        .contains(
            "[(\"organ-scores\")]",
            "[(\"organ-totals\")]",
            "[(\"organ-drift\")]",
            "[(\"organ-thresholds\")]",
            "[(\"alerts-last-hour\")]",
            "[(\"slide-tiles\")]");
  }

  @Test
  void shouldStandInTheReadmeAsItIs() throws IOException {
    // Given
    String readme = Files.readString(Path.of("README.md"));

    // When
    String picture = TopologyPicture.mermaid(description());

    // Then
    assertThat(readme)
        .as("topology/README.md: replace its picture by the one that this expects")
        .contains("```mermaid\n" + picture + "```\n");
  }

  private TopologyDescription description() {
    return RoutingHarness.topology(TopologySettings.defaults(), RoutingHarness.config(stateDir))
        .describe();
  }
}
