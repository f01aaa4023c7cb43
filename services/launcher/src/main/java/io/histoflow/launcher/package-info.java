/**
 * The command line: parses arguments, wires services together for {@code demo} and {@code up}, and
 * turns every failure into one sentence and an exit code (0 done, 1 failed, 2 wrong usage).
 */
package io.histoflow.launcher;
