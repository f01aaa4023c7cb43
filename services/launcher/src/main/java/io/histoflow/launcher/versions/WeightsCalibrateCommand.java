package io.histoflow.launcher.versions;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.finetuning.AuditCalibration;
import io.histoflow.finetuning.ThresholdProposal;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.launcher.options.WorkersModelOption;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.Contracts;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.segmentation.thresholds.RiskControl;
import io.histoflow.weights.versions.ChangeNote;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Mask thresholds with a guarantee for the site's own tiles. */
@Command(
    name = "calibrate",
    description = {
      "Choose mask thresholds for the weights in force so that the expected share missed of a tile"
          + " stays at or under a level, by conformal risk control on the tiles that chance drew"
          + " for review: they are like those that the site scans, which routed ones are not.",
      "Shows them; --publish makes them a version of its own, which can be rolled back."
    },
    mixinStandardHelpOptions = true)
final class WeightsCalibrateCommand implements Callable<Integer>, Computation {
  @Mixin private ClusterOption cluster;
  @Mixin private WorkersModelOption model;
  @Mixin private JsonOption json;
  @Mixin private ChangeNoteOption noted;

  @Option(
      names = "--level",
      paramLabel = "RATE",
      description =
          "Highest expected false-negative rate, above 0 and below 1 (that of the"
              + " model's thresholds, 0.08 where they have none).")
  private Double level;

  @Option(
      names = "--minimum-units",
      paramLabel = "N",
      description =
          "Fewest audited tiles with a positive pixel, over all organs and for an organ's own"
              + " threshold (20).")
  private int minimumUnits = Calibration.STANDARD_MINIMUM_UNITS;

  @Option(names = "--publish", description = "Put the thresholds in force.")
  private boolean publish;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ChangeNote note = noted.note();
    ServiceConfig config = cluster.load();
    Checkpoint shipped = model.load(config);
    Calibration calibration = calibration(shipped);
    Contracts.ensure(config);
    try (AuditCalibration audit = new AuditCalibration(config, shipped)) {
      ThresholdProposal proposal = proposal(audit, calibration);
      show(audit, proposal, note, shipped.modelId(), calibration.control());
      if (publish && proposal.after().isEmpty()) {
        throw new CommandFailedException("Nothing was published: " + proposal.reason());
      }
    }
    return 0;
  }

  private Calibration calibration(Checkpoint shipped) {
    try {
      return new Calibration(
          level == null ? shipped.thresholds().control() : new RiskControl(level), minimumUnits);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static ThresholdProposal proposal(AuditCalibration audit, Calibration calibration)
      throws Exception {
    try (Task task = Terminal.standard().start("weights calibrate", 0)) {
      return audit.propose(
          calibration, (phase, done, total, about) -> task.update(done, total, phase));
    }
  }

  private void show(
      AuditCalibration audit,
      ThresholdProposal proposal,
      ChangeNote note,
      String modelId,
      RiskControl control)
      throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    out.print(table(proposal));
    out.println(proposal.reason());
    ObjectNode result = json(modelId, proposal, control);
    if (publish && proposal.after().isPresent()) {
      DecoderDecision decision = audit.publish(proposal, note);
      result.put("published", decision.getCandidateVersion());
      result.put("heldBack", decision.getHeldBack());
      out.println(
          decision.getHeldBack() == null
              ? "Version %d is put in force in place of version %d."
                  .formatted(decision.getCandidateVersion(), decision.getParentVersion())
              : "Version %d is archived and not put in force: %s"
                  .formatted(decision.getCandidateVersion(), decision.getHeldBack()));
    }
    out.flush();
    json.write(result);
  }

  private static Table table(ThresholdProposal proposal) {
    Table table = new Table("organ", "in force", "recalibrated", "from tiles");
    Optional<MaskThresholds> after = proposal.after();
    TreeSet<String> organs = new TreeSet<>(proposal.before().organs().keySet());
    after.ifPresent(thresholds -> organs.addAll(thresholds.organs().keySet()));
    for (String organ : organs) {
      table.row(
          organ,
          text("%.3f", proposal.before().thresholdFor(organ)),
          text("%.3f", after.map(thresholds -> thresholds.thresholdFor(organ)).orElse(null)),
          after
              .filter(thresholds -> thresholds.isOwn(organ))
              .map(thresholds -> Integer.toString(thresholds.organs().get(organ).units()))
              .orElse("pooled"));
    }
    return table
        .row(
            "all others",
            text("%.3f", proposal.before().pooled().threshold()),
            text("%.3f", after.map(all -> all.pooled().threshold()).orElse(null)),
            after.map(all -> Integer.toString(all.pooled().units())).orElse("-"))
        .row(
            "missed, mean over audited tiles",
            text("%.3f", proposal.missedBefore()),
            text("%.3f", proposal.missedAfter()),
            proposal.tiles());
  }

  private static ObjectNode json(String modelId, ThresholdProposal proposal, RiskControl control) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result
        .put("modelId", modelId)
        .put("version", proposal.version())
        .put("level", control.level())
        .put("tiles", proposal.tiles())
        .put("learned", proposal.learned())
        .put("glass", proposal.glass())
        .put("reason", proposal.reason())
        .put("missedBefore", defined(proposal.missedBefore()))
        .put("missedAfter", defined(proposal.missedAfter()));
    result.set("before", json(proposal.before()));
    result.set("after", proposal.after().map(WeightsCalibrateCommand::json).orElse(null));
    return result;
  }

  private static ObjectNode json(MaskThresholds thresholds) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result
        .put("threshold", thresholds.pooled().threshold())
        .put("units", thresholds.pooled().units());
    ObjectNode organs = result.putObject("organs");
    thresholds
        .organs()
        .forEach(
            (organ, own) ->
                organs
                    .putObject(organ)
                    .put("threshold", own.threshold())
                    .put("units", own.units()));
    return result;
  }

  private static Double defined(double value) {
    return Double.isNaN(value) ? null : Double.valueOf(value);
  }
}
