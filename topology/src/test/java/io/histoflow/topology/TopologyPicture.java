package io.histoflow.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.GlobalStore;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

/**
 * Draws a topology as a Mermaid flowchart, which GitHub shows as a picture: a frame for each part
 * that runs on its own, topics as slanted boxes, operators as rounded ones, stores as cylinders.
 */
final class TopologyPicture {
  private static final String TOPIC = "topic";

  private final TreeSet<String> topics = new TreeSet<>();
  private final List<String> frames = new ArrayList<>();
  private final List<String> edges = new ArrayList<>();

  private TopologyPicture() {}

  /** Returns the flowchart; equal descriptions give equal text. */
  static String mermaid(TopologyDescription description) {
    TopologyPicture picture = new TopologyPicture();
    description.subtopologies().stream()
        .sorted(Comparator.comparingInt(Subtopology::id))
        .forEach(picture::addPart);
    description.globalStores().stream()
        .sorted(Comparator.comparingInt(GlobalStore::id))
        .forEach(picture::addGlobal);
    StringBuilder text = new StringBuilder("flowchart LR\n");
    picture.topics.forEach(
        topic -> text.append("  ").append(id(TOPIC, topic) + "[/\"" + topic + "\"/]\n"));
    picture.frames.forEach(text::append);
    picture.edges.stream().sorted().forEach(edge -> text.append("  ").append(edge).append('\n'));
    return text.toString();
  }

  private void addPart(Subtopology part) {
    addFrame("part" + part.id(), "part " + part.id(), byName(part.nodes()));
  }

  private void addGlobal(GlobalStore global) {
    addFrame(
        "everywhere" + global.id(),
        "on every instance",
        byName(List.of(global.source(), global.processor())));
  }

  private void addFrame(String id, String title, Map<String, Node> nodes) {
    StringBuilder frame = new StringBuilder();
    frame.append("  subgraph ").append(id).append("[\"").append(title).append("\"]\n");
    TreeSet<String> stores = new TreeSet<>();
    for (Node node : nodes.values()) {
      String own = id("operator", node.name());
      frame.append("    ").append(own).append("([\"").append(node.name()).append("\"])\n");
      node.successors().forEach(next -> edges.add(own + " --> " + id("operator", next.name())));
      if (node instanceof Source source) {
        source.topicSet().forEach(topic -> edges.add(topic(topic) + " --> " + own));
      } else if (node instanceof Sink sink) {
        edges.add(own + " --> " + topic(sink.topic()));
      } else if (node instanceof Processor processor) {
        processor.stores().forEach(store -> edges.add(own + " <-.-> " + id("store", store)));
        stores.addAll(processor.stores());
      }
    }
    stores.forEach(
        store -> frame.append("    ").append(id("store", store) + "[(\"" + store + "\")]\n"));
    frames.add(frame.append("  end\n").toString());
  }

  private String topic(String name) {
    topics.add(name);
    return id(TOPIC, name);
  }

  private static String id(String kind, String name) {
    return kind + '_' + name.replaceAll("[^A-Za-z0-9]+", "_");
  }

  private static Map<String, Node> byName(Iterable<? extends Node> nodes) {
    Map<String, Node> sorted = new TreeMap<>();
    nodes.forEach(node -> sorted.put(node.name(), node));
    return sorted;
  }
}
