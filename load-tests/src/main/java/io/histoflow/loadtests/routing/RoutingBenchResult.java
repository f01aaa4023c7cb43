package io.histoflow.loadtests.routing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import java.util.List;

/**
 * What {@link RoutingBench} found.
 *
 * @param settings what was asked for
 * @param organs each organ, by name
 * @param curve the organs' shares over time
 * @param seconds wall time
 */
public record RoutingBenchResult(
    RoutingBenchSettings settings, List<Organ> organs, List<Point> curve, double seconds)
    implements BenchResult {

  /** Takes copies. */
  public RoutingBenchResult {
    organs = List.copyOf(organs);
    curve = List.copyOf(curve);
  }

  /** Returns the largest difference of an organ's share from the budget. */
  public double maxBudgetError() {
    return organs.stream().mapToDouble(Organ::largestError).max().orElse(0);
  }

  /**
   * Returns the share of the routed tiles that were among the highest scores of their organ and
   * phase, as many as the budget allows: what holding the budget closely costs.
   */
  public double topShare() {
    return (double) organs.stream().mapToInt(Organ::routedOfTop).sum()
        / organs.stream().mapToInt(Organ::routed).sum();
  }

  /**
   * Returns the number of tiles within which every shifted organ was alarmed; -1 if one was not.
   */
  public int driftDetectedAfterTiles() {
    List<Organ> shifted = organs.stream().filter(Organ::stainChanges).toList();
    return shifted.stream().anyMatch(organ -> organ.alarmedAfter() < 0)
        ? OrganRecord.NEVER
        : shifted.stream().mapToInt(Organ::alarmedAfter).max().orElse(OrganRecord.NEVER);
  }

  /** Returns how many organs were alarmed of those whose stain shifts. */
  public long alarmed() {
    return organs.stream().filter(organ -> organ.alarmedAfter() >= 0).count();
  }

  /** Returns the alarms without a shift, or repeated. */
  public int falseAlarms() {
    return organs.stream().mapToInt(Organ::falseAlarms).sum();
  }

  /** Returns tiles per second of wall time, the simulation included. */
  public double recordsPerSecond() {
    return settings.tiles() / seconds;
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tiles", settings.tiles());
    ObjectNode byName = json.putObject("organs");
    for (Organ organ : organs) {
      ObjectNode node = byName.putObject(organ.name());
      node.put("tiles", organ.tiles())
          .put("routed", organ.routed())
          .put("share", organ.share())
          .put("maxBudgetError", organ.largestError())
          .put("topShare", organ.topShare())
          .put("stainShifted", organ.stainChanges());
      if (organ.alarmedAfter() >= 0) {
        node.put("driftDetectedAfterTiles", organ.alarmedAfter());
      }
    }
    json.put("partitions", settings.partitions())
        .put("budget", settings.budget())
        .put("maxBudgetError", maxBudgetError())
        .put("topShare", topShare())
        .put("driftDetectedAfterTiles", driftDetectedAfterTiles())
        .put("organsShifted", organs.stream().filter(Organ::stainChanges).count())
        .put("organsAlarmed", alarmed())
        .put("falseAlarms", falseAlarms())
        .put("recordsPerSecond", recordsPerSecond())
        .put("seed", settings.seed())
        .put("scores", "synthetic");
    return json;
  }

  /**
   * One organ.
   *
   * @param name its name
   * @param stainChanges whether its stain shifts
   * @param tiles its tiles
   * @param routed those that went to review
   * @param routedOfTop those of them that were among its highest scores, as many as the budget
   *     allows, from one change to the next
   * @param largestError largest difference from the budget of the share of 500 tiles in a row,
   *     after 500 tiles of warm-up and of 500 tiles after each change
   * @param alarmedAfter tiles from the shift to its alarm; -1 without one
   * @param falseAlarms alarms without a shift, or repeated
   */
  public record Organ(
      String name,
      boolean stainChanges,
      int tiles,
      int routed,
      int routedOfTop,
      double largestError,
      int alarmedAfter,
      int falseAlarms) {

    /** Returns the routed share of all its tiles. */
    public double share() {
      return (double) routed / tiles;
    }

    /** Returns the share of its routed tiles that were among its highest scores. */
    public double topShare() {
      return (double) routedOfTop / routed;
    }
  }

  /**
   * The organs' shares of the latest 500 tiles at one time.
   *
   * @param tiles tiles of all organs so far
   * @param lowest lowest share
   * @param median median share
   * @param highest highest share
   * @param alarmed organs that were alarmed so far
   */
  public record Point(int tiles, double lowest, double median, double highest, int alarmed) {}
}
