package io.histoflow.loadtests.slides;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.loadtests.measuring.Rates;
import io.histoflow.scanning.image.SlideImage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@link SlidesBench} measured.
 *
 * @param settings what was asked for
 * @param cores processors that the JVM saw
 * @param openSlide version of the peer; empty where there is none
 * @param rows one a slide, and one for each reader of which no slide was named
 */
public record SlidesBenchResult(
    SlidesBenchSettings settings, int cores, Optional<String> openSlide, List<Row> rows)
    implements BenchResult {

  /** Copies the rows. */
  public SlidesBenchResult {
    rows = List.copyOf(rows);
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("rounds", settings.rounds())
        .put("seconds", settings.seconds())
        .put("tileSize", settings.tileSize())
        .put("cores", cores)
        .put("openSlide", openSlide.orElse(null));
    rows.forEach(row -> json.withArray("slides").add(row.toJson()));
    return json;
  }

  /**
   * One slide.
   *
   * @param slide its file's name; empty where none was named
   * @param reader what reads it; empty where nothing does
   * @param measured empty where it could not be
   * @param why there is no figure, or nothing beside it; empty where there are both
   */
  public record Row(
      Optional<String> slide,
      Optional<SlideImage.Reader> reader,
      Optional<Measured> measured,
      Optional<String> why) {

    ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("slide", slide.orElse(null))
          .put("reader", reader.map(r -> r.name().toLowerCase(Locale.ROOT)).orElse(null))
          .put("why", why.orElse(null));
      json.set(
          "decoded",
          measured
              .map(m -> turns(m.decoded(), m.peer().map(Peer::reads)))
              .orElseGet(() -> turns(Optional.empty(), Optional.empty())));
      json.set(
          "topic",
          measured
              .map(m -> turns(Optional.of(m.published()), m.peer().map(Peer::encodes)))
              .orElseGet(() -> turns(Optional.empty(), Optional.empty())));
      return json;
    }

    private static ObjectNode turns(Rates ours, Optional<Rates> theirs) {
      return turns(Optional.of(ours), theirs);
    }

    private static ObjectNode turns(Optional<Rates> ours, Optional<Rates> theirs) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.set("tilesPerSecond", ours.map(Rates::toJson).orElse(null));
      json.set("peerTilesPerSecond", theirs.map(Rates::toJson).orElse(null));
      return json.put("ratio", ours.flatMap(o -> ratio(o, theirs)).orElse(null));
    }
  }

  /**
   * Tiles per second, a figure a round.
   *
   * @param decoded from file to decoded tile
   * @param published from file to topic, as {@code scan} does it
   * @param peer the same slide's in the rounds between; empty where nothing else reads it
   */
  public record Measured(Rates decoded, Rates published, Optional<Peer> peer) {

    /** Returns how many times the peer's tiles are decoded. */
    public Optional<Double> decodedRatio() {
      return ratio(decoded, peer.map(Peer::reads));
    }

    /** Returns how many times the tiles are published that the peer encodes as PNG. */
    public Optional<Double> publishedRatio() {
      return ratio(published, peer.map(Peer::encodes));
    }
  }

  /**
   * Tiles per second through OpenSlide's own Python.
   *
   * @param reads from file to decoded tile
   * @param encodes from file to a PNG in memory
   */
  public record Peer(Rates reads, Rates encodes) {}

  private static Optional<Double> ratio(Rates ours, Optional<Rates> theirs) {
    return theirs.map(rates -> ours.median() / rates.median());
  }
}
