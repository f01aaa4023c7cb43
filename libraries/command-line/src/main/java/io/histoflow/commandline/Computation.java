package io.histoflow.commandline;

/**
 * A command that computes in native code and says at each step how far it is; it is stopped between
 * two steps.
 */
public interface Computation {}
