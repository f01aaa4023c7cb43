package io.histoflow.launcher;

/**
 * A command that computes in native code and says at each step how far it is; it is stopped between
 * two steps.
 */
interface Computation {}
