package io.histoflow.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The contracts for tools, as AsyncAPI 3.0: every topic as a channel with the Avro schema of its
 * values, and what others may send to histoflow and receive from it.
 *
 * <p>https://www.asyncapi.com/docs/reference/specification/v3.0.0, with the bindings of Kafka
 * 0.5.0.
 */
final class AsyncApi {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String BINDINGS = "0.5.0";
  private static final String AVRO = "application/vnd.apache.avro;version=1.9.0";

  /** What a site writes; all other topics are histoflow's to write. */
  private static final List<TopicSpec<?>> TAKEN =
      List.of(Topics.TILES_SCANNED, Topics.SLIDES_SCANNED);

  private AsyncApi() {}

  /** Returns the document. */
  static String document() throws JsonProcessingException {
    ObjectNode document = JSON.createObjectNode().put("asyncapi", "3.0.0");
    document
        .putObject("info")
        .put("title", "histoflow")
        .put("version", "1")
        .put(
            "description",
            "Topics of a recall-first screening system for histopathology. Values are Avro in the"
                + " Confluent wire format; keys are UTF-8 strings. Read with"
                + " isolation.level=read_committed: results are written in transactions. A null"
                + " value on a compacted topic deletes its key.");
    document.put("defaultContentType", "application/vnd.apache.avro");
    ObjectNode channels = document.putObject("channels");
    ObjectNode operations = document.putObject("operations");
    ObjectNode messages = document.putObject("components").putObject("messages");
    for (TopicSpec<?> topic : Topics.all()) {
      channel(channels.putObject(topic.name()), topic.layout(), message(topic));
      operation(operations, topic);
      describe(messages.putObject(message(topic)), topic);
    }
    TopicLayout letters = Topics.TILES_DEAD_LETTER;
    channel(channels.putObject(letters.name()), letters, "DeadLetter");
    messages
        .putObject("DeadLetter")
        .put("contentType", "application/octet-stream")
        .put("summary", "What nobody could use, bytes as at the source; the reason in the headers.")
        .putObject("payload")
        .put("type", "string")
        .put("format", "binary");
    send(operations, letters.name(), "DeadLetter");
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
  }

  /** Topics differ in key and meaning where their values are of one kind. */
  private static String message(TopicSpec<?> topic) {
    return topic.name().replaceAll("^histoflow\\.|\\.v\\d+$", "");
  }

  private static void channel(ObjectNode channel, TopicLayout layout, String message) {
    channel.put("address", layout.name());
    channel
        .putObject("messages")
        .putObject(message)
        .put("$ref", "#/components/messages/" + message);
    ObjectNode kafka = channel.putObject("bindings").putObject("kafka");
    kafka.put("topic", layout.name()).put("partitions", layout.partitions());
    ObjectNode settings = kafka.putObject("topicConfiguration");
    settings.putArray("cleanup.policy").add(layout.cleanup().policy());
    if (layout.cleanup() == Cleanup.DELETE) {
      settings.put("retention.ms", layout.retention() == null ? -1 : layout.retention().toMillis());
    }
    settings.put("max.message.bytes", layout.maxMessageBytes());
    kafka.put("bindingVersion", BINDINGS);
  }

  private static void operation(ObjectNode operations, TopicSpec<?> topic) {
    if (TAKEN.contains(topic)) {
      operation(operations, "receive", topic.name(), message(topic));
    } else {
      send(operations, topic.name(), message(topic));
    }
  }

  private static void send(ObjectNode operations, String topic, String message) {
    operation(operations, "send", topic, message);
  }

  private static void operation(
      ObjectNode operations, String action, String topic, String message) {
    ObjectNode operation = operations.putObject(action + "." + message);
    operation.put("action", action).putObject("channel").put("$ref", "#/channels/" + topic);
    operation
        .putArray("messages")
        .addObject()
        .put("$ref", "#/channels/" + topic + "/messages/" + message);
  }

  private static void describe(ObjectNode message, TopicSpec<?> topic)
      throws JsonProcessingException {
    message.put("name", topic.schema().getFullName()).put("title", topic.schema().getName());
    message.put("summary", topic.schema().getDoc());
    ObjectNode payload = message.putObject("payload").put("schemaFormat", AVRO);
    payload.set("schema", JSON.readTree(topic.schema().toString()));
    ObjectNode kafka = message.putObject("bindings").putObject("kafka");
    kafka.putObject("key").put("type", "string").put("description", topic.key());
    kafka
        .put("schemaIdLocation", "payload")
        .put("schemaIdPayloadEncoding", "confluent")
        .put("schemaLookupStrategy", "TopicNameStrategy")
        .put("bindingVersion", BINDINGS);
  }
}
