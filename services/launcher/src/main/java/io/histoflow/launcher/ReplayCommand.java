package io.histoflow.launcher;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Figures;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.inference.ReplayRequest;
import io.histoflow.inference.ReplaySummary;
import io.histoflow.inference.TileReplay;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.launcher.options.SinceConverter;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Segments past tiles again with newer weights. */
@Command(
    name = "replay",
    description = {
      "Segment past tiles again with the weights in force, where newer than those of their"
          + " results.",
      "Reports and review budgets count no tile twice; a tile that was not in review goes there"
          + " where its new score asks for it. Interrupted, it goes on where it ended."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Option(
      names = "--slide",
      paramLabel = "ID",
      description = "Tiles of this slide; may be given several times.")
  private List<String> slides = List.of();

  @Option(names = "--organ", paramLabel = "NAME", description = "Tiles of this organ.")
  private String organ;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = SinceConverter.class,
      description =
          "Tiles scanned since then: a time such as 2026-01-31T08:00:00Z, or how long ago, such as"
              + " 90m, 12h or 7d.")
  private Instant since;

  @Option(names = "--all", description = "Every tile whose image is still kept.")
  private boolean all;

  @Mixin private ClusterOption cluster;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ReplayRequest request = request();
    ServiceConfig config = cluster.load();
    Terminal terminal = Terminal.standard();
    long start = System.nanoTime();
    try (ReplayAlerts alerts = new ReplayAlerts(new KafkaClients(config, "replay"))) {
      ReplaySummary summary;
      try (Task task = terminal.start("replay", 0)) {
        summary = new TileReplay(config).run(request, task);
      }
      OptionalLong raised = alerts.raised(request, summary, PATIENCE);
      double seconds = (System.nanoTime() - start) / 1e9;
      json.show(table(summary, raised, seconds), result(summary, raised, seconds));
      return summary.tilesRejected() == 0 ? 0 : 1;
    }
  }

  private ReplayRequest request() {
    boolean chosen = !slides.isEmpty() || organ != null || since != null;
    if (all == chosen) {
      throw new ParameterException(
          spec.commandLine(),
          all
              ? "--all leaves nothing to choose: give it alone, or leave it out."
              : "Say which tiles: --slide ID, --organ NAME, --since TIME, or --all.");
    }
    return new ReplayRequest(
        Set.copyOf(slides), Optional.ofNullable(organ), Optional.ofNullable(since));
  }

  private static Table table(ReplaySummary summary, OptionalLong raised, double seconds) {
    return new Table("replay with version " + summary.modelVersion(), "tiles")
        .row("segmented again, of %d slides".formatted(summary.slides()), summary.tilesReplayed())
        .row("of these, mask changed by more than 1 % of the tile", summary.tilesChanged())
        .row(
            "of these, new in review",
            raised.isPresent() ? raised.getAsLong() : "routing has not seen all of them yet")
        .row("left: stand on this version or a newer one", summary.tilesSkipped())
        .row("left: image not kept any more", summary.tilesExpired())
        .row("left: cannot be segmented, see dead letters", summary.tilesRejected())
        .row("seconds", Figures.text("%.1f", seconds));
  }

  private static ObjectNode result(ReplaySummary summary, OptionalLong raised, double seconds) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("tilesReplayed", summary.tilesReplayed())
        .put("tilesSkipped", summary.tilesSkipped())
        .put("tilesChanged", summary.tilesChanged())
        .put("tilesExpired", summary.tilesExpired())
        .put("tilesRejected", summary.tilesRejected())
        .put("alertsRaised", raised.isPresent() ? Long.valueOf(raised.getAsLong()) : null)
        .put("slides", summary.slides())
        .put("modelId", summary.modelId())
        .put("modelVersion", summary.modelVersion())
        .put("wallSeconds", seconds);
  }
}
