package io.histoflow.review.http;

import java.util.Optional;

/**
 * A server-sent event.
 *
 * @param name name of the event
 * @param data one line of JSON
 * @param notFor who is not told, by name; empty where everybody is
 */
record Event(String name, String data, Optional<String> notFor) {
  /** Events were dropped: the list is to be read anew. */
  static final Event RESET = new Event("reset", "{}");

  /** The overview has changed. */
  static final Event OVERVIEW = new Event("overview", "{}");

  /** Another has taken the reader's place; the last event. */
  static final Event REPLACED = new Event("replaced", "{}");

  /** There are no more events; not told to the reader. */
  static final Event END = new Event("end", "{}");

  /** An event that everybody is told. */
  Event(String name, String data) {
    this(name, data, Optional.empty());
  }

  /** Says whether somebody is told. */
  boolean isFor(Optional<String> reader) {
    return notFor.isEmpty() || !notFor.equals(reader);
  }

  /** Returns the event as it goes over the wire (HTML Living Standard, 9.2). */
  String text() {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }
}
