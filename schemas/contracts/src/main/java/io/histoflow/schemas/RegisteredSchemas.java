package io.histoflow.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Schemas as the registry holds them: the contract, without what only Java needs. */
final class RegisteredSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RegisteredSchemas() {}

  /**
   * Removes the property that makes Avro read strings as {@link String}, and writes {@code {"type":
   * "string"}} as {@code "string"}, so that readers in other languages see the plain contract.
   */
  static Schema withoutJavaProperties(Schema schema) {
    try {
      JsonNode plain = plain(JSON.readTree(schema.toString()));
      return new Schema.Parser().parse(JSON.writeValueAsString(plain));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Avro wrote a schema that is no JSON: " + schema, e);
    }
  }

  private static JsonNode plain(JsonNode node) {
    if (node instanceof ArrayNode array) {
      ArrayNode result = array.arrayNode(array.size());
      array.forEach(child -> result.add(plain(child)));
      return result;
    }
    if (node instanceof ObjectNode object) {
      ObjectNode result = object.objectNode();
      object
          .properties()
          .forEach(
              property -> {
                if (!property.getKey().equals(GenericData.STRING_PROP)) {
                  result.set(property.getKey(), plain(property.getValue()));
                }
              });
      boolean onlyType = result.size() == 1 && result.path("type").isTextual();
      return onlyType ? result.get("type") : result;
    }
    return node;
  }
}
