package io.histoflow.loadtests.memory;

/**
 * One reading of a worker's memory.
 *
 * @param tiles tiles that the worker has answered until then
 * @param tileSize edge of the latest of them in pixels
 * @param rssBytes memory of its process that is in RAM
 */
public record MemorySample(long tiles, int tileSize, long rssBytes) {}
