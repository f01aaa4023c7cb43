package io.histoflow.schemas;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;

/** As much of Confluent's API as our client uses, with subjects that can be lost and restored. */
final class TinyRegistry implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, TreeMap<Integer, String>> subjects = new LinkedHashMap<>();
  private final Map<String, TreeMap<Integer, String>> deleted = new LinkedHashMap<>();
  private final HttpServer server;
  private int newest;
  private int requests;

  TinyRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  synchronized int requests() {
    return requests;
  }

  synchronized void delete(String subject) {
    deleted.put(subject, subjects.remove(subject));
  }

  synchronized void restore(String subject, int id) {
    subjects.computeIfAbsent(subject, s -> new TreeMap<>()).put(id, deleted.get(subject).get(id));
  }

  synchronized void clear() {
    subjects.clear();
    newest = 0;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    requests++;
    String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
    boolean post = "POST".equals(exchange.getRequestMethod());
    Object answer =
        switch (path[0]) {
          case "schemas" -> byId(Integer.parseInt(path[2]));
          case "config" -> Map.of("compatibilityLevel", SubjectCatalogue.COMPATIBILITY);
          default -> subject(path, post ? schema(exchange) : null);
        };
    byte[] body =
        JSON.writeValueAsBytes(
            answer == null ? Map.of("error_code", 40401, "message", "Not found") : answer);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Object byId(int id) {
    return subjects.values().stream()
        .filter(versions -> versions.containsKey(id))
        .findFirst()
        .map(versions -> Map.of("schema", versions.get(id)))
        .orElse(null);
  }

  private Object subject(String[] path, String schema) {
    String subject = path[1];
    TreeMap<Integer, String> versions = subjects.get(subject);
    if (schema != null && path.length == 3) {
      return Map.of("id", register(subject, schema));
    }
    if (versions == null) {
      return null;
    }
    List<Integer> ids = List.copyOf(versions.keySet());
    if (schema != null) {
      return idOf(versions, schema)
          .<Object>map(id -> Map.of("subject", subject, "id", id, "version", 1, "schema", schema))
          .orElse(null);
    }
    if (path.length == 3) {
      return java.util.stream.IntStream.rangeClosed(1, ids.size()).boxed().toList();
    }
    int id = ids.get(Integer.parseInt(path[3]) - 1);
    return Map.of(
        "subject",
        subject,
        "id",
        id,
        "version",
        1,
        "schema",
        versions.get(id),
        "references",
        List.of());
  }

  private int register(String subject, String schema) {
    TreeMap<Integer, String> versions = subjects.computeIfAbsent(subject, s -> new TreeMap<>());
    return idOf(versions, schema)
        .orElseGet(
            () -> {
              versions.put(++newest, schema);
              return newest;
            });
  }

  private static java.util.Optional<Integer> idOf(Map<Integer, String> versions, String schema) {
    Schema wanted = new Schema.Parser().parse(schema);
    return versions.entrySet().stream()
        .filter(version -> new Schema.Parser().parse(version.getValue()).equals(wanted))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static String schema(HttpExchange exchange) throws IOException {
    return JSON.readTree(exchange.getRequestBody()).get("schema").asText();
  }
}
