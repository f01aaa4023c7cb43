package io.histoflow.loadtests.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsBenchTest {

  @Test
  void shouldTimeEveryPartOfATile() {
    // Given
    List<String> notes = new ArrayList<>();
    PartsBench bench =
        new PartsBench(
            new PartsBenchSettings(32, 1, Duration.ofMillis(5), false),
            (phase, done, total, note) -> notes.add(note));

    // When
    PartsBenchResult result = bench.run();

    // Then
    assertThat(result.parts())
        .extracting(PartsBenchResult.Part::name)
        .containsExactly(
            "convertColour",
            "decodeJpeg",
            "deserialize",
            "detectTissue",
            "encodeEntropyMap",
            "encodeMask",
            "encodeProbabilities",
            "scoreForRouting",
            "serialize",
            "summariseEntropy");
    assertThat(result.parts()).allSatisfy(part -> assertThat(part.micros()).isPositive());
    ObjectNode json = result.toJson();
    assertThat(json.get("tileSize").asInt()).isEqualTo(32);
    assertThat(json.at("/parts/decodeJpeg/least").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(json.at("/parts/decodeJpeg/most").asDouble());
    assertThat(notes).hasSize(11).endsWith("done");
  }

  @Test
  void shouldRefuseWhatCannotBeMeasured() {
    assertThatThrownBy(() -> new PartsBenchSettings(8, 3, Duration.ofSeconds(1), true))
        .hasMessage("edge is 8 but must be 16 to 4096.");
    assertThatThrownBy(() -> new PartsBenchSettings(256, 0, Duration.ofSeconds(1), true))
        .hasMessage("turns is 0 but must be 1 to 100.");
    assertThatThrownBy(() -> new PartsBenchSettings(256, 3, Duration.ZERO, true))
        .hasMessage("turn is PT0S but must be 1 ms or more.");
  }
}
