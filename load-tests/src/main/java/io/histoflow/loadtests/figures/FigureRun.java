package io.histoflow.loadtests.figures;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A bench as it is run for the page. */
enum FigureRun {
  INFERENCE("bench inference --rounds 9"),
  PIPELINE("bench pipeline"),
  PIPELINE_512("bench pipeline --tile-size 512 --tiles 48"),
  SCALING("bench scaling"),
  TOPOLOGY("bench topology"),
  MEMORY("bench memory"),
  START_UP("bench start-up"),
  FINE_TUNING("bench fine-tuning"),
  FEED("bench feed"),
  DASHBOARD("bench dashboard");

  private final String command;

  FigureRun(String command) {
    this.command = command;
  }

  /** Returns what {@code --only} and the JSON call it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the arguments of {@code histoflow} that run it and write its JSON. */
  List<String> arguments(Path json) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
    arguments.addAll(List.of("--json", json.toString()));
    return arguments;
  }

  /** Returns how a person repeats it. */
  String command() {
    return command;
  }

  @Override
  public String toString() {
    return word();
  }
}
