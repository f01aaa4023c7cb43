package io.histoflow.finetuning;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4) of byte arrays. */
final class Sha256 {
  private Sha256() {}

  /** Returns the digest, 32 bytes. */
  static byte[] of(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** Returns the digest as 64 hexadecimal digits. */
  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(of(bytes));
  }
}
