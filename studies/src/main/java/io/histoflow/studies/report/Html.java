package io.histoflow.studies.report;

import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;

/**
 * Writes HTML in which every text and attribute is escaped and every element is closed in order.
 * Tags and names of attributes are the caller's own, never data.
 */
public final class Html {

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Opens an element.
   *
   * @param attributes names and values in turn
   */
  public Html open(String tag, String... attributes) {
    start(tag, attributes);
    open.push(tag);
    return this;
  }

  /** Closes the element that was opened last. */
  public Html close() {
    out.append("</").append(open.pop()).append(">\n");
    return this;
  }

  /** Adds text. */
  public Html text(String text) {
    out.append(escape(text));
    return this;
  }

  /** Adds an element that holds text only. */
  public Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /**
   * Adds a picture, which the page carries itself.
   *
   * @param png the file
   * @param alt what it shows, for those who do not see it
   * @param attributes names and values in turn
   */
  public Html png(byte[] png, String alt, String... attributes) {
    String data = "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    String[] all = new String[attributes.length + 4];
    all[0] = "src";
    all[1] = data;
    all[2] = "alt";
    all[3] = alt;
    System.arraycopy(attributes, 0, all, 4, attributes.length);
    start("img", all);
    out.append('\n');
    return this;
  }

  /** Adds an element without content, such as {@code meta}. */
  Html lone(String tag, String... attributes) {
    start(tag, attributes);
    out.append('\n');
    return this;
  }

  /** Adds text that is known to be safe as it stands, such as a style sheet of our own. */
  Html trusted(String text) {
    out.append(text);
    return this;
  }

  private void start(String tag, String... attributes) {
    if (attributes.length % 2 != 0) {
      throw new IllegalArgumentException("attributes are names and values in turn");
    }
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      out.append(escape(attributes[i + 1])).append('"');
    }
    out.append('>');
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("the element " + open.peek() + " was not closed");
    }
    return out.toString();
  }
}
