/**
 * Versions of the decoder weights: the archive of all that were accepted, which is in force, and
 * who changed that.
 */
package io.histoflow.weights.versions;
