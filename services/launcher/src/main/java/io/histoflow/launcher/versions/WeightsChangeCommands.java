package io.histoflow.launcher.versions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.JsonOption;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.launcher.options.WorkersModelOption;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.Contracts;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.versions.ChangeNote;
import io.histoflow.weights.versions.VersionControl;
import io.histoflow.weights.versions.VersionException;
import io.histoflow.weights.versions.WorkerVersions;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that change which weights are in force; each change is an event. */
final class WeightsChangeCommands {
  private WeightsChangeCommands() {}

  /** Connects, changes, and says what came of it. */
  abstract static class Change implements Callable<Integer> {
    @Mixin private ClusterOption cluster;
    @Mixin private WorkersModelOption model;
    @Mixin private JsonOption json;
    @Mixin private ChangeNoteOption noted;

    @Spec private CommandSpec spec;

    abstract Optional<WeightsChange> change(VersionControl control, ChangeNote note)
        throws VersionException;

    /** Says what a change means, or why there was none. */
    abstract String describe(Optional<WeightsChange> change);

    /** Returns the version that workers run from then on, and how long to wait for them. */
    abstract Optional<Wait> wait(Optional<WeightsChange> change);

    /** What to wait for. */
    record Wait(long version, Duration longest) {}

    @Override
    public Integer call() throws Exception {
      ChangeNote note = noted.note();
      ServiceConfig config = cluster.load();
      Contracts.ensure(config);
      Checkpoint shipped = model.load(config);
      KafkaClients clients = new KafkaClients(config, "weights");
      InstantSource clock = InstantSource.system();
      try (VersionControl control =
              new VersionControl(clients, shipped, WeightsKeys.from(config), clock);
          WorkerVersions workers = new WorkerVersions(clients, shipped.modelId(), clock)) {
        workers.start();
        Optional<WeightsChange> change = change(control, note);
        PrintWriter out = spec.commandLine().getOut();
        out.println(describe(change));
        out.flush();
        ObjectNode result = Rollout.json(shipped.modelId(), change);
        Optional<Wait> wait = wait(change);
        if (wait.isEmpty()) {
          json.write(result);
          return 0;
        }
        Rollout rollout = Rollout.await(workers, wait.get().version(), wait.get().longest());
        rollout.addTo(result);
        json.write(result);
        if (!rollout.isComplete()) {
          throw new CommandFailedException(rollout.describe());
        }
        out.println(rollout.describe());
        return 0;
      }
    }

    final CommandLine.ParameterException wrong(String sentence) {
      return new CommandLine.ParameterException(spec.commandLine(), sentence);
    }
  }

  /** A change that puts a version in force, and waits for the workers to follow. */
  abstract static class ToVersion extends Change {
    @Parameters(paramLabel = "VERSION", description = "The version; 0 = as shipped.")
    private long version;

    @Option(
        names = "--wait",
        paramLabel = "SECONDS",
        defaultValue = "30",
        description =
            "How long to wait until every worker that reports runs it (${DEFAULT-VALUE}); 0 does"
                + " not wait.")
    private long wait;

    abstract Optional<WeightsChange> change(VersionControl control, long to, ChangeNote note)
        throws VersionException;

    @Override
    public final Integer call() throws Exception {
      if (version < 0) {
        throw wrong("VERSION must be 0 or more, not " + version + ".");
      }
      if (wait < 0) {
        throw wrong("--wait must be 0 or more, not " + wait + ".");
      }
      return super.call();
    }

    @Override
    final Optional<WeightsChange> change(VersionControl control, ChangeNote note)
        throws VersionException {
      return change(control, version, note);
    }

    @Override
    final Optional<Wait> wait(Optional<WeightsChange> change) {
      return wait == 0
          ? Optional.empty()
          : Optional.of(new Wait(version, Duration.ofSeconds(wait)));
    }

    final long version() {
      return version;
    }
  }

  @Command(
      name = "rollback",
      description =
          "Put an archived version in force again, be it older or newer than the one in force.",
      mixinStandardHelpOptions = true)
  static final class RollBack extends ToVersion {
    @Override
    Optional<WeightsChange> change(VersionControl control, long to, ChangeNote note)
        throws VersionException {
      return control.rollBack(to, note);
    }

    @Override
    String describe(Optional<WeightsChange> change) {
      return change
          .map(
              done ->
                  "Version %d of %s is put in force in place of version %d."
                      .formatted(done.getToVersion(), done.getModelId(), done.getFromVersion()))
          .orElse("Version " + version() + " is in force already; nothing was changed.");
    }
  }

  @Command(
      name = "pin",
      description =
          "Put a version in force and keep it so: what fine-tuning accepts is archived only.",
      mixinStandardHelpOptions = true)
  static final class Pin extends ToVersion {
    @Override
    Optional<WeightsChange> change(VersionControl control, long to, ChangeNote note)
        throws VersionException {
      return control.pin(to, note);
    }

    @Override
    String describe(Optional<WeightsChange> change) {
      return change
          .map(
              done ->
                  "Version %d of %s is pinned; version %d was in force."
                      .formatted(done.getToVersion(), done.getModelId(), done.getFromVersion()))
          .orElse("Version " + version() + " is pinned already; nothing was changed.");
    }
  }

  @Command(
      name = "unpin",
      description = "Let accepted weights come into force again, from the next round on.",
      mixinStandardHelpOptions = true)
  static final class Unpin extends Change {
    @Override
    Optional<WeightsChange> change(VersionControl control, ChangeNote note)
        throws VersionException {
      return control.unpin(note);
    }

    @Override
    String describe(Optional<WeightsChange> change) {
      return change
          .map(
              done ->
                  "No version of %s is pinned any more; version %d stays in force until fine-tuning"
                          .formatted(done.getModelId(), done.getToVersion())
                      + " accepts another.")
          .orElse("No version is pinned; nothing was changed.");
    }

    @Override
    Optional<Wait> wait(Optional<WeightsChange> change) {
      return Optional.empty();
    }
  }
}
