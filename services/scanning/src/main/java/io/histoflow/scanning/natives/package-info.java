/**
 * Decoders that are not written in Java, each slide's in a process of its own: what is damaged may
 * end that process and no other.
 */
package io.histoflow.scanning.natives;
