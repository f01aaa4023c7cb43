package io.histoflow.review.http;

/**
 * A server-sent event.
 *
 * @param name name of the event
 * @param data one line of JSON
 */
record Event(String name, String data) {
  /** Events were dropped: the list is to be read anew. */
  static final Event RESET = new Event("reset", "{}");

  /** The overview has changed. */
  static final Event OVERVIEW = new Event("overview", "{}");

  /** Another has taken the reader's place; the last event. */
  static final Event REPLACED = new Event("replaced", "{}");

  /** There are no more events; not told to the reader. */
  static final Event END = new Event("end", "{}");

  /** Returns the event as it goes over the wire (HTML Living Standard, 9.2). */
  String text() {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }
}
