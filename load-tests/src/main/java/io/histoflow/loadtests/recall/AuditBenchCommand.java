package io.histoflow.loadtests.recall;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.ModelOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.loadtests.measuring.Bench;
import io.histoflow.recall.Ratio;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether the interval of recall holds the truth on real tiles, whatever chance draws. */
@Command(
    name = "audit",
    description = {
      "Segments the tiles of a data set once, sends them through the real topology again and again,"
          + " each time with another audit key, lets the true masks be the verdicts, and shows"
          + " estimates and intervals beside the recall over all tiles.",
      "An image is a slide. How often do intervals hold the truth, and from how many audited tiles?"
    },
    mixinStandardHelpOptions = true)
public final class AuditBenchCommand extends Bench<AuditBenchSettings, AuditBenchResult>
    implements Computation {
  private static final int MOST_ROWS = 20;

  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "DATASET",
      description = "Folders <organ>/images + <organ>/masks, or the published NuInsSeg layout.")
  private List<Path> data;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Take only N images, evenly spread over the data set.")
  private int images = Integer.MAX_VALUE;

  @Mixin private ModelOption model;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "10",
      description = "Deployments, each with an audit key of its own (${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--budget",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "Share of tiles that may go to review (${DEFAULT-VALUE}).")
  private double budget;

  @Option(
      names = "--audit-share",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description = "Share of the budget that chance spends (${DEFAULT-VALUE}).")
  private double auditShare;

  @Option(
      names = "--draws",
      paramLabel = "N",
      defaultValue = "2000",
      description =
          "Draws by the estimators alone for each of several sizes of the audit (${DEFAULT-VALUE});"
              + " 0 for none.")
  private int draws;

  @Option(
      names = "--tile-size",
      paramLabel = "PIXELS",
      defaultValue = "256",
      description = "Edge of a tile (${DEFAULT-VALUE}).")
  private int tileSize;

  @Mixin private DeviceOption device;

  @Override
  protected AuditBenchSettings settings() {
    return new AuditBenchSettings(data, images, seeds, budget, auditShare, draws, tileSize);
  }

  @Override
  protected AuditBenchResult measure(AuditBenchSettings settings, Path folder, Task task)
      throws Exception {
    return new AuditBench(settings, task).run(model.load(), device.compute(), folder);
  }

  @Override
  protected Object table(AuditBenchResult result) {
    Table bySeed =
        new Table(
            "seed", "audited", "recall", "95 %", "true", "", "with review", "95 %", "true", "");
    for (AuditedGroup one : result.whole().stream().limit(MOST_ROWS).toList()) {
      bySeed.row(
          one.seed(),
          one.audited(),
          text("%.4f", one.model().value()),
          interval(one.model()),
          text("%.4f", one.modelTruth()),
          one.modelHolds() ? "holds" : "does not",
          text("%.4f", one.system().value()),
          interval(one.system()),
          text("%.4f", one.systemTruth()),
          one.systemHolds() ? "holds" : "does not");
    }
    List<AuditedGroup> saying = result.saying();
    return bySeed
        + text(
            "%nOf %d seeds, on %d tiles of %d images: %d with an interval, of which %d hold the"
                + " recall of the model, %d that of model and review.%n%n",
            result.settings().seeds(),
            result.tiles(),
            result.slides(),
            saying.size(),
            saying.stream().filter(AuditedGroup::modelHolds).count(),
            saying.stream().filter(AuditedGroup::systemHolds).count())
        + rows("single organs", result.ofOrgans())
        + System.lineSeparator()
        + draws(result.draws());
  }

  private static Table draws(List<AuditDraws.Row> rows) {
    Table table =
        new Table(
            "audited tiles, on average",
            "draws",
            "hold",
            "share",
            "half-width",
            "at most 0.05",
            "hold",
            "share");
    for (AuditDraws.Row row : rows) {
      table.row(
          text("%.0f", row.meanAudited()),
          row.draws(),
          row.holding(),
          text("%.3f", (double) row.holding() / row.draws()),
          text("%.4f", row.meanHalfWidth()),
          row.saying(),
          row.sayingHolding(),
          text("%.3f", (double) row.sayingHolding() / row.saying()));
    }
    return table;
  }

  private static Table rows(String whose, List<AuditBenchResult.Row> rows) {
    Table table = new Table(whose + ", audited tiles", "intervals", "hold", "share", "half-width");
    for (AuditBenchResult.Row row : rows) {
      table.row(
          row.to() == Integer.MAX_VALUE ? row.from() + " -" : row.from() + " - " + (row.to() - 1),
          row.intervals(),
          row.holding(),
          text("%.3f", row.coverage()),
          text("%.4f", row.meanHalfWidth()));
    }
    return table;
  }

  private static String interval(Ratio ratio) {
    return text("%.4f-%.4f", ratio.low(), ratio.high());
  }
}
