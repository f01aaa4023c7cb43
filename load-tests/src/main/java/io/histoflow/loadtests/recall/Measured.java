package io.histoflow.loadtests.recall;

/**
 * What one deployment through the real topology did.
 *
 * @param tiles tiles that went through
 * @param verdicts verdicts among the records
 * @param recordsPerSecond both by wall time, the simulation included
 * @param estimates organs with an estimate
 * @param holdTheTruth those of them whose interval holds the recall over all tiles
 * @param alarms alarms of organs, of which two miss more from the middle on
 */
public record Measured(
    int tiles, int verdicts, double recordsPerSecond, int estimates, int holdTheTruth, int alarms) {
  static final Measured NOTHING = new Measured(0, 0, 0, 0, 0, 0);
}
