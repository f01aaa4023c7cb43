package io.histoflow.datasets.synthetic;

/**
 * One nucleus to paint.
 *
 * @param outline its shape
 * @param style its kind
 * @param density its own optical density of haematoxylin
 * @param seed of the nucleoli inside
 */
record Nucleus(Blob outline, NucleusStyle style, float density, long seed) {}
