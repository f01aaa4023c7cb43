package io.histoflow.launcher;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.results.drawing.Drawing;
import io.histoflow.results.drawing.DrawingException;
import io.histoflow.results.slide.SlideResults;
import io.histoflow.results.slide.SlideResultsReader;
import io.histoflow.review.drawn.DrawnCorrections;
import io.histoflow.review.outlines.DrawnDesk;
import io.histoflow.review.outlines.DrawnSummary;
import io.histoflow.review.refusal.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes outlines from other tools as corrections. */
@Command(
    name = "correct",
    description = {
      "Take outlines that were drawn or mended in QuPath as corrections of the tiles they cover.",
      "An outline that still has the id of an exported nucleus takes its place, others are added;"
          + " outlines that cannot be used are refused one by one."
    },
    footer = {
      "",
      "--json: {\"slideId\", \"outlines\", \"unchanged\", \"mended\", \"drawn\", \"removed\","
          + " \"missing\", \"refused\", \"tilesCorrected\", \"alertsClosed\", \"secondOpinions\","
          + " \"tilesRefused\", \"refusals\": [sentence]}"
    },
    mixinStandardHelpOptions = true)
final class CorrectCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  @Parameters(
      paramLabel = "FILE",
      description = "GeoJSON of QuPath's 'Export objects as GeoJSON', plain or as .gz.")
  private Path file;

  @Option(names = "--slide", required = true, paramLabel = "ID", description = "The slide's id.")
  private String slideId;

  @Option(
      names = "--reviewer",
      required = true,
      paramLabel = "NAME",
      description = "Who drew them, as on the review page.")
  private String reviewer;

  @Option(
      names = "--complete",
      description =
          "The file holds every nucleus of the slide: remove those that it does not hold. Without"
              + " it they stay.")
  private boolean complete;

  @Option(names = "--dry-run", description = "Say what would change, and publish nothing.")
  private boolean dryRun;

  @Mixin private ClusterOption cluster;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    String name = reviewerName();
    ServiceConfig config = cluster.load();
    try (SlideResults slide =
        new SlideResultsReader(new KafkaClients(config, "correct")).read(slideId)) {
      Drawing drawing = Drawing.read(slide, file, complete);
      DrawnSummary summary =
          dryRun ? DrawnSummary.ofDryRun(drawing) : published(config, drawing, name);
      Terminal terminal = Terminal.standard();
      List<String> refusals = summary.refusals(drawing);
      refusals.stream().limit(SHOWN).forEach(terminal::say);
      if (refusals.size() > SHOWN) {
        terminal.say("And %s more; --json lists them.".formatted(refusals.size() - SHOWN));
      }
      json.show(table(drawing, summary), summary.toJson(slideId, drawing));
      return drawing.refused() == 0 && summary.refusals().isEmpty() ? 0 : 1;
    } catch (DrawingException e) {
      throw new CommandFailedException(e.getMessage(), e);
    }
  }

  private String reviewerName() {
    try {
      return DrawnDesk.reviewer(reviewer);
    } catch (RefusedException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static DrawnSummary published(ServiceConfig config, Drawing drawing, String reviewer) {
    try (DrawnCorrections corrections = new DrawnCorrections(config);
        Task task = Terminal.standard().start("correct", drawing.touched().size())) {
      return corrections.publish(
          drawing, reviewer, done -> task.update(done, drawing.touched().size(), "tiles"));
    }
  }

  private Table table(Drawing drawing, DrawnSummary summary) {
    Table table =
        new Table("outlines of slide " + slideId, "")
            .row("unchanged", drawing.unchanged())
            .row("mended", drawing.mended())
            .row("drawn anew", drawing.drawn())
            .row("refused", drawing.refused());
    if (complete) {
      table.row("nuclei removed, as the file does not hold them", drawing.removed());
    } else if (drawing.missing() > 0) {
      table.row("nuclei not in the file: they stay (--complete removes them)", drawing.missing());
    }
    if (dryRun) {
      return table.row("tiles that would change", summary.corrected());
    }
    return table
        .row("tiles corrected", summary.corrected())
        .row("of these in review, now closed", summary.alertsClosed())
        .row("second opinions on tiles that others judged", summary.opinions())
        .row("tiles refused", summary.refusals().size());
  }
}
