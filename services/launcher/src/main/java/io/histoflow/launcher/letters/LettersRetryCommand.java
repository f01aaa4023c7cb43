package io.histoflow.launcher.letters;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.JsonOption;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.letters.DeadLetter;
import io.histoflow.platform.letters.LetterBox;
import io.histoflow.platform.letters.LetterFilter;
import io.histoflow.platform.letters.LetterRetry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Publishes refused records again where they came from. */
@Command(
    name = "retry",
    description = "Publish the records of dead letters again where they came from.",
    footer = {
      "",
      "A record that is published again has the header histoflow.retried.letter; a letter whose",
      "record was published again is passed over the next time. Of topics that keep the latest",
      "record of a key only the one that --topic names; of weights none ('weights rollback').",
      "--json: {\"retried\", \"passedOver\", \"notOurs\", \"topics\": {topic: count}}"
    },
    mixinStandardHelpOptions = true)
final class LettersRetryCommand implements Callable<Integer> {
  @Mixin private LetterOptions letters;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Option(names = "--again", description = "Letters, too, that were published again before.")
  private boolean again;

  @Mixin private ClusterOption cluster;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  private final Map<String, Long> topics = new TreeMap<>();
  private long passedOver;
  private long notOurs;

  @Override
  public Integer call() throws Exception {
    ServiceConfig config = cluster.load();
    LetterFilter filter = letters.filter();
    PrintWriter out = spec.commandLine().getOut();
    try (LetterBox box = new LetterBox(config)) {
      box.readNotes();
      box.read(filter, letter -> count(box, letter, filter));
      long total = topics.values().stream().mapToLong(Long::longValue).sum();
      if (passedOver > 0) {
        out.println(passedOver + " letters were published again before (--again repeats them).");
      }
      if (notOurs > 0) {
        out.println(
            notOurs
                + " letters stay: they hold no record, or came from a topic that keeps the latest"
                + " record of a key (name it with --topic) or is about weights.");
      }
      if (total == 0) {
        out.println("Nothing to publish.");
        write(0);
        return 0;
      }
      topics.forEach((topic, count) -> out.println(count + " records go to " + topic + "."));
      out.flush();
      if (!yes && !isConfirmed(total)) {
        out.println("Nothing was published.");
        write(0);
        return CommandLine.ExitCode.SOFTWARE;
      }
      write(publish(config, box, filter));
    }
    return 0;
  }

  private long publish(ServiceConfig config, LetterBox box, LetterFilter filter) {
    // Whoever else publishes letters is fenced off first: what they did is noted by then.
    try (LetterRetry retry = new LetterRetry(config);
        LetterBox now = new LetterBox(config)) {
      now.readNotes();
      box.read(
          filter,
          letter -> {
            if (isMeant(now, letter, filter)) {
              retry.add(letter);
            }
          });
      retry.flush();
      spec.commandLine().getOut().println(retry.published() + " records were published again.");
      return retry.published();
    }
  }

  private void count(LetterBox box, DeadLetter letter, LetterFilter filter) {
    if (LetterRetry.obstacle(letter, filter.topic()).isPresent()) {
      notOurs++;
    } else if (isMeant(box, letter, filter)) {
      topics.merge(letter.topic(), 1L, Long::sum);
    } else {
      passedOver++;
    }
  }

  private boolean isMeant(LetterBox box, DeadLetter letter, LetterFilter filter) {
    return LetterRetry.obstacle(letter, filter.topic()).isEmpty()
        && (again || !box.wasRetried(letter.id()));
  }

  private boolean isConfirmed(long total) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.print("Publish " + total + " records again? [y/N] ");
    out.flush();
    // Closing it would close the process's own input.
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    String answer = in.readLine();
    return answer != null && (answer.strip().equals("y") || answer.strip().equals("yes"));
  }

  private void write(long retried) throws IOException {
    ObjectNode result =
        JsonNodeFactory.instance
            .objectNode()
            .put("retried", retried)
            .put("passedOver", passedOver)
            .put("notOurs", notOurs);
    ObjectNode counts = result.putObject("topics");
    if (retried > 0) {
      topics.forEach(counts::put);
    }
    json.write(result);
  }
}
