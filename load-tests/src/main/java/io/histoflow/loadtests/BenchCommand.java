package io.histoflow.loadtests;

import io.histoflow.commandline.CommandGroup;
import io.histoflow.commandline.Subcommand;
import io.histoflow.loadtests.dashboard.DashboardBenchCommand;
import io.histoflow.loadtests.feed.FeedBenchCommand;
import io.histoflow.loadtests.figures.FiguresBenchCommand;
import io.histoflow.loadtests.finetuning.FineTuningBenchCommand;
import io.histoflow.loadtests.inference.InferenceBenchCommand;
import io.histoflow.loadtests.memory.MemoryBenchCommand;
import io.histoflow.loadtests.parts.PartsBenchCommand;
import io.histoflow.loadtests.pipeline.PipelineBenchCommand;
import io.histoflow.loadtests.recall.AuditBenchCommand;
import io.histoflow.loadtests.recall.RecallBenchCommand;
import io.histoflow.loadtests.routing.RoutingBenchCommand;
import io.histoflow.loadtests.scaling.ScalingBenchCommand;
import io.histoflow.loadtests.slides.SlidesBenchCommand;
import io.histoflow.loadtests.startup.StartUpBenchCommand;
import io.histoflow.loadtests.topology.TopologyBenchCommand;
import picocli.CommandLine.Command;

/** Benchmarks. */
@Command(
    name = "bench",
    description = "Measure speed as ratios side by side, and whether routing keeps its promises.",
    mixinStandardHelpOptions = true,
    subcommands = {
      FiguresBenchCommand.class,
      PipelineBenchCommand.class,
      DashboardBenchCommand.class,
      FeedBenchCommand.class,
      FineTuningBenchCommand.class,
      InferenceBenchCommand.class,
      MemoryBenchCommand.class,
      PartsBenchCommand.class,
      RecallBenchCommand.class,
      AuditBenchCommand.class,
      RoutingBenchCommand.class,
      ScalingBenchCommand.class,
      SlidesBenchCommand.class,
      StartUpBenchCommand.class,
      TopologyBenchCommand.class
    })
public final class BenchCommand extends CommandGroup implements Subcommand {
  /** Makes the command; what it groups is in its annotation. */
  public BenchCommand() {
    super("Name a benchmark; 'histoflow bench --help' lists them.");
  }
}
