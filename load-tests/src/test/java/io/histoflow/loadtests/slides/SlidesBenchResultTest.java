package io.histoflow.loadtests.slides;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.loadtests.slides.SlidesBenchResult.Measured;
import io.histoflow.loadtests.slides.SlidesBenchResult.Peer;
import io.histoflow.loadtests.slides.SlidesBenchResult.Row;
import io.histoflow.scanning.image.SlideImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SlidesBenchResultTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-12);

  @Test
  void shouldDivideRoundByRound() {
    // Given: three rounds, of which one of each side was disturbed
    Measured measured =
        new Measured(
            turns(300, 10, 330),
            turns(90, 60, 30),
            turns(8),
            Optional.of(new Peer("another", turns(100, 150, 1), turns(40, 50, 45))));

    // Then
    assertThat(measured.decodedRatio().orElseThrow().median()).isEqualTo(3.0, EXACT);
    assertThat(measured.publishedRatio().orElseThrow().median()).isEqualTo(1.2, EXACT);
  }

  @Test
  void shouldSayWhyThereIsNoFigure() {
    // Given: a slide that nothing else reads, one that nothing reads, and a kind that was not named
    Measured alone = new Measured(turns(8), turns(4), turns(9), Optional.empty());
    SlidesBenchResult result =
        new SlidesBenchResult(
            new SlidesBenchSettings(List.of(Path.of("a.dcm"), Path.of("b.svs")), 1, 1, 256),
            2,
            Optional.of("3.4.1"),
            List.of(
                new Row(
                    Optional.of("a.dcm"),
                    Optional.of(SlideImage.Reader.DICOM),
                    Optional.of(alone),
                    Optional.of("OpenSlide cannot")),
                new Row(
                    Optional.of("b.svs"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("damaged")),
                new Row(
                    Optional.empty(),
                    Optional.of(SlideImage.Reader.TIFF),
                    Optional.empty(),
                    Optional.of("not named"))));

    // When
    JsonNode json = result.toJson();

    // Then
    assertThat(json.at("/slides/0/decoded/tilesPerSecond/median").asDouble()).isEqualTo(8);
    assertThat(json.at("/slides/0/decoded/cpuMillis/median").asDouble()).isEqualTo(125);
    assertThat(json.at("/slides/0/topicByAllCores/tilesPerSecond/median").asDouble()).isEqualTo(9);
    assertThat(json.at("/slides/0/decoded/ratio").isNull()).isTrue();
    assertThat(json.at("/slides/0/peer").isNull()).isTrue();
    assertThat(json.at("/slides/0/why").asText()).isEqualTo("OpenSlide cannot");
    assertThat(json.at("/slides/1/topic/tilesPerSecond").isNull()).isTrue();
    assertThat(json.at("/slides/1/why").asText()).isEqualTo("damaged");
    assertThat(json.at("/slides/2/reader").asText()).isEqualTo("tiff");
    assertThat(json.at("/slides/2/slide").isNull()).isTrue();
  }

  /** One core does them all. */
  private static Turns turns(double... tilesPerSecond) {
    Turns.Gatherer turns = new Turns.Gatherer();
    turns.add(new Turns.Turn(1, 1, 1));
    Arrays.stream(tilesPerSecond).forEach(rate -> turns.add(new Turns.Turn((long) rate, 1, 1)));
    return turns.turns();
  }
}
