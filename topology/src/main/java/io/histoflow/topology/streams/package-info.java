/**
 * What every part of the topology builds alike: topics read and written by their contracts,
 * processors with their stores, and the format of what they store. Depends on no other part.
 */
package io.histoflow.topology.streams;
