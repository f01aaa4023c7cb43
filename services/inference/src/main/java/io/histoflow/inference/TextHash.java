package io.histoflow.inference;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;

/**
 * Stands for a text in 16 bytes: the first half of its SHA-256, of which no two texts share one.
 *
 * @param high the first 8 bytes
 * @param low the next 8 bytes
 */
record TextHash(long high, long low) {

  static TextHash of(String text) {
    ByteBuffer hash = ByteBuffer.wrap(Hashing.sha256().hashString(text, UTF_8).asBytes());
    return new TextHash(hash.getLong(), hash.getLong());
  }
}
