package io.histoflow.platform.lifecycle;

import java.util.Optional;

/**
 * What became of one part of the system. A child process tells its parent by a line on its standard
 * output.
 *
 * @param part the part's name, such as {@code routing}
 * @param state what it does now
 * @param sentence more for a person, one line; empty where there is nothing to say
 */
public record PartNotice(String part, State state, String sentence) {
  /** What a part does. */
  public enum State {
    /** Acquiring what it needs. */
    STARTING,
    /** Doing its work. */
    RUNNING,
    /** Died; it is started again soon. */
    DOWN,
    /** Its configuration is wrong; it is started again seldom. */
    REFUSED
  }

  private static final String MARK = "#part\t";
  private static final int MOST_CHARACTERS = 2000;

  /** Keeps the sentence to one line of bounded length. */
  public PartNotice {
    String line = sentence.replaceAll("\\s+", " ").strip();
    sentence = line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "...";
  }

  /**
   * Writes the notice for the parent process.
   *
   * @return one line without its end, which {@link #parse} reads
   */
  public String toLine() {
    return MARK + part + "\t" + state + "\t" + sentence;
  }

  /** Tells the parent process, where this one is a child: see {@link ParentWatch}. */
  public void tellParent() {
    if ("1".equals(System.getenv(ParentWatch.PIPE_VARIABLE))) {
      System.out.println(toLine());
    }
  }

  /**
   * Reads a line of a child's output.
   *
   * @param line the line
   * @return the notice, empty where the line is none
   */
  public static Optional<PartNotice> parse(String line) {
    String[] fields = line.startsWith(MARK) ? line.split("\t", 4) : new String[0];
    if (fields.length != 4) {
      return Optional.empty();
    }
    try {
      return Optional.of(new PartNotice(fields[1], State.valueOf(fields[2]), fields[3]));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
