package io.histoflow.review.http;

/**
 * A server-sent event.
 *
 * @param name name of the event
 * @param data one line of JSON
 */
record Event(String name, String data) {

  /** Returns the event as it goes over the wire (HTML Living Standard, 9.2). */
  String text() {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }
}
