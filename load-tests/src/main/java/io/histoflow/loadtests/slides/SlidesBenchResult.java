package io.histoflow.loadtests.slides;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.loadtests.measuring.SideBySide;
import io.histoflow.scanning.image.SlideImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  public Map<String, SideBySide> sideBySide() {
    Map<String, SideBySide> ratios = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      String slide = "slides/" + i;
      Optional<Measured> measured = rows.get(i).measured();
      measured
          .flatMap(Measured::decodedRatio)
          .ifPresent(ratio -> ratios.put(slide + "/decoded/ratio", ratio));
      measured
          .flatMap(Measured::publishedRatio)
          .ifPresent(ratio -> ratios.put(slide + "/topic/ratio", ratio));
    }
    return ratios;
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
      json.put("peer", measured.flatMap(Measured::peer).map(Peer::reader).orElse(null));
      json.set(
          "decoded",
          side(measured.map(Measured::decoded), measured.flatMap(Measured::peer).map(Peer::reads)));
      json.set(
          "topic",
          side(
              measured.map(Measured::published),
              measured.flatMap(Measured::peer).map(Peer::encodes)));
      json.set("topicByAllCores", side(measured.map(Measured::byAllCores), Optional.empty()));
      return json;
    }

    private static ObjectNode side(Optional<Turns> ours, Optional<Turns> theirs) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      put(json, ours, "tilesPerSecond", "cpuMillis");
      put(json, theirs, "peerTilesPerSecond", "peerCpuMillis");
      return json.put(
              "ratio",
              ours.flatMap(o -> theirs.map(o::beside)).map(SideBySide::median).orElse(null))
          .put("cpuRatio", ours.flatMap(o -> cpuRatio(o, theirs)).orElse(null));
    }

    private static void put(ObjectNode json, Optional<Turns> turns, String rates, String cpu) {
      json.set(rates, turns.map(t -> t.rates().toJson()).orElse(null));
      json.set(cpu, turns.map(t -> t.millis().toJson()).orElse(null));
    }
  }

  /**
   * Figures, one a round.
   *
   * @param decoded from file to decoded tile
   * @param published from file to topic, as {@code scan} does it with one thread
   * @param byAllCores the same with a thread for each core
   * @param peer the same slide's in the rounds between; empty where nothing else reads it
   */
  public record Measured(Turns decoded, Turns published, Turns byAllCores, Optional<Peer> peer) {

    /** Returns how many times the peer's tiles are decoded. */
    public Optional<SideBySide> decodedRatio() {
      return peer.map(other -> decoded.beside(other.reads()));
    }

    /** Returns how many times the tiles are published that the peer encodes as PNG. */
    public Optional<SideBySide> publishedRatio() {
      return peer.map(other -> published.beside(other.encodes()));
    }
  }

  /**
   * What another program did.
   *
   * @param reader which it is, with its version
   * @param reads from file to decoded tile
   * @param encodes from file to a PNG in memory
   */
  public record Peer(String reader, Turns reads, Turns encodes) {}

  /** How many tiles cost the CPU time of one of the peer's. */
  private static Optional<Double> cpuRatio(Turns ours, Optional<Turns> theirs) {
    return theirs.map(t -> t.millis().median() / ours.millis().median());
  }
}
