package io.histoflow.loadtests.slides;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.launcher.stack.DataDir;
import io.histoflow.loadtests.measuring.Bench;
import io.histoflow.loadtests.measuring.Rates;
import io.histoflow.loadtests.slides.SlidesBenchResult.Measured;
import io.histoflow.loadtests.slides.SlidesBenchResult.Peer;
import io.histoflow.loadtests.slides.SlidesBenchResult.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How fast slides are read and published, beside OpenSlide. */
@Command(
    name = "slides",
    description = {
      "Tiles per second from slide to decoded tile, and from slide to topic as 'scan' publishes them"
          + " (an embedded broker, tiles as PNG),",
      "beside the same tiles through OpenSlide's own Python (DICOM: pydicom and Pillow): read, and"
          + " read and encoded as PNG. All take turns on one thread each, then the scan with one for"
          + " each core; figures are medians of the rounds."
    },
    mixinStandardHelpOptions = true)
public final class SlidesBenchCommand extends Bench<SlidesBenchSettings, SlidesBenchResult> {

  @Parameters(
      arity = "0..*",
      paramLabel = "SLIDE",
      description = "Slides to read: best one of each kind, of some hundred tiles or more.")
  private List<Path> slides = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often all take turns, after one round that warms up (5).")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "How long a turn lasts at least (2); each reads whole slides.")
  private double seconds = 2;

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of a tile (256).")
  private int tileSize = 256;

  @Option(
      names = "--peer-python",
      paramLabel = "FILE",
      description =
          "The Python that has OpenSlide; without it the first of python3 and /usr/bin/python3 that"
              + " has.")
  private String python;

  @Override
  protected SlidesBenchSettings settings() {
    return new SlidesBenchSettings(slides, rounds, seconds, tileSize);
  }

  @Override
  protected SlidesBenchResult measure(SlidesBenchSettings settings, Path folder, Task task)
      throws Exception {
    Path script = DataDir.home().resolve("load-tests/peers/openslide_reads.py");
    List<String> pythons =
        python == null ? List.of("python3", "/usr/bin/python3") : List.of(python);
    Optional<OpenSlidePeer> peer = OpenSlidePeer.start(pythons, script);
    try {
      return new SlidesBench(settings, peer, task).run(folder);
    } finally {
      peer.ifPresent(OpenSlidePeer::close);
    }
  }

  @Override
  protected String table(SlidesBenchResult result) {
    Table table =
        new Table(
            "slide",
            "read as",
            "to",
            "tiles/s",
            "least..most",
            "CPU ms",
            "peer",
            "ratio",
            "CPU ms");
    StringBuilder reasons = new StringBuilder();
    for (Row row : result.rows()) {
      String name = row.slide().orElse("-");
      String reader =
          row.reader().map(r -> r.name().toLowerCase(Locale.ROOT).replace('_', ' ')).orElse("-");
      if (row.measured().isPresent()) {
        Measured measured = row.measured().get();
        Optional<Peer> peer = measured.peer();
        add(table, name, reader, "decoded tile", measured.decoded(), peer.map(Peer::reads));
        add(table, name, reader, "topic", measured.published(), peer.map(Peer::encodes));
        add(
            table,
            name,
            reader,
            "topic, " + result.cores() + " threads",
            measured.byAllCores(),
            Optional.empty());
        peer.ifPresent(p -> reasons.append(line(name, "the peer is " + p.reader())));
      } else {
        table.row(name, reader, "", "", "", "", "", "", "");
      }
      row.why().ifPresent(why -> reasons.append(line(row.slide().orElse(reader), why)));
    }
    return table + reasons.toString();
  }

  private static String line(String of, String what) {
    return of + ": " + what + System.lineSeparator();
  }

  private static void add(
      Table table, String name, String reader, String to, Turns ours, Optional<Turns> theirs) {
    Rates rates = ours.rates();
    table.row(
        name,
        reader,
        to,
        text("%.1f", rates.median()),
        text("%.1f..%.1f", rates.least(), rates.most()),
        text("%.1f", ours.millis().median()),
        theirs.map(t -> text("%.1f", t.rates().median())).orElse("-"),
        theirs.map(t -> ours.beside(t).text()).orElse("-"),
        theirs.map(t -> text("%.1f", t.millis().median())).orElse("-"));
  }
}
