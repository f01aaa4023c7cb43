package io.histoflow.inference;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a worker leaves beside the committed offset of a partition, for whoever gets the partition
 * when the worker's process has ended in the middle of its work: it travels in the offset's
 * metadata and costs nothing where the offset is committed in any case.
 *
 * @param atMost most records in work from the offset on; 0 where the worker left in order
 * @param alone whether the record at the offset was the only one in work
 * @param attempts how often that record was alone in work and never answered
 */
record WorkMark(int atMost, boolean alone, int attempts) {
  private static final Pattern TEXT =
      Pattern.compile("working (?<most>\\d{1,6})(?<alone> alone (?<attempts>\\d{1,6}))?");
  private static final WorkMark NONE = new WorkMark(0, false, 0);

  /** The mark of a partition that nobody works on. */
  static WorkMark none() {
    return NONE;
  }

  /** The mark of usual work: many records at a time. */
  static WorkMark working(int atMost) {
    return new WorkMark(atMost, false, 0);
  }

  /** The mark of careful work: one record at a time. */
  static WorkMark alone(int atMost, int attempts) {
    return new WorkMark(atMost, true, attempts);
  }

  /** Reads the metadata of a committed offset; what no worker wrote is no mark. */
  static WorkMark parse(String metadata) {
    Matcher text = TEXT.matcher(metadata);
    if (!text.matches()) {
      return NONE;
    }
    int atMost = Integer.parseInt(text.group("most"));
    return text.group("alone") == null
        ? working(atMost)
        : alone(atMost, Integer.parseInt(text.group("attempts")));
  }

  /** Returns the metadata of the offset. */
  String text() {
    if (atMost == 0) {
      return "";
    }
    return "working " + atMost + (alone ? " alone " + attempts : "");
  }
}
