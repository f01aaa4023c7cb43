/**
 * How services start, run, fail and stop: explicit states, one named thread per main loop, and
 * child processes that never outlive their parent.
 */
package io.histoflow.platform.lifecycle;
