package io.histoflow.launcher.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.JsonOption;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.platform.letters.DeadLetter;
import io.histoflow.platform.letters.LetterBox;
import io.histoflow.platform.letters.LetterId;
import io.histoflow.schemas.TileScanned;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.kafka.common.header.Header;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Everything that one letter says. */
@Command(
    name = "show",
    description = "Show one dead letter: why, by whom, from where, and its headers.",
    footer = {
      "",
      "--json: {\"letter\", \"reason\", \"service\", \"topic\", \"source\", \"time\", \"key\","
          + " \"bytes\",",
      "  \"headers\": {name: text}}"
    },
    mixinStandardHelpOptions = true)
final class LettersShowCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "PARTITION@OFFSET",
      description = "Where the letter lies, as 'dead-letters list' says it.")
  private String coordinates;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Save the record's value, byte for byte.")
  private Path out;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "Save the image of a scanned tile as it was sent.")
  private Path image;

  @Mixin private ClusterOption cluster;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LetterId id =
        LetterId.parse(coordinates)
            .orElseThrow(
                () ->
                    new CommandLine.ParameterException(
                        spec.commandLine(),
                        "'" + coordinates + "' is no place of a letter such as 0@17."));
    try (LetterBox box = new LetterBox(cluster.load())) {
      DeadLetter letter =
          box.read(id)
              .orElseThrow(
                  () ->
                      new CommandFailedException(
                          "There is no dead letter "
                              + id
                              + ": 'histoflow dead-letters list' names examples."));
      print(letter);
      if (out != null) {
        save(out, letter.record().value() == null ? new byte[0] : letter.record().value());
      }
      if (image != null) {
        save(image, imageOf(box, letter));
      }
      json.write(toJson(letter));
    }
    return 0;
  }

  private void print(DeadLetter letter) {
    PrintWriter to = spec.commandLine().getOut();
    to.println("Letter:   " + letter.id());
    to.println("Reason:   " + letter.reason());
    to.println("Service:  " + letter.service());
    to.println("Source:   " + letter.topic() + " " + letter.source());
    to.println("Time:     " + letter.time());
    to.println("Key:      " + printable(letter.key()));
    to.println("Size:     " + letter.bytes() + " bytes");
    to.println("Headers:");
    for (Header header : letter.record().headers()) {
      to.println("  " + printable(header.key()) + ": " + printable(text(header)));
    }
    to.flush();
  }

  private static byte[] imageOf(LetterBox box, DeadLetter letter) {
    if (box.content(letter).orElse(null) instanceof TileScanned tile) {
      ByteBuffer image = tile.getImage().duplicate();
      byte[] bytes = new byte[image.remaining()];
      image.get(bytes);
      return bytes;
    }
    throw new CommandFailedException(
        "The letter " + letter.id() + " holds no scanned tile that can be read: use --out.");
  }

  private static void save(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, bytes);
  }

  private static String text(Header header) {
    return header.value() == null ? "" : new String(header.value(), UTF_8);
  }

  /** What somebody else wrote must not move the cursor of a terminal. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static ObjectNode toJson(DeadLetter letter) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("letter", letter.id().toString())
            .put("reason", letter.reason())
            .put("service", letter.service())
            .put("topic", letter.topic())
            .put("source", letter.source())
            .put("time", letter.time().toString())
            .put("key", letter.key())
            .put("bytes", letter.bytes());
    ObjectNode headers = json.putObject("headers");
    letter.record().headers().forEach(header -> headers.put(header.key(), text(header)));
    return json;
  }
}
