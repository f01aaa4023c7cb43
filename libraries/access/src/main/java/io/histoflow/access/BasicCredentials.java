package io.histoflow.access;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * Name and password of an {@code Authorization: Basic} header (RFC 7617), in UTF-8.
 *
 * @param name the name
 * @param password the password
 */
public record BasicCredentials(String name, String password) {
  private static final String SCHEME = "basic ";

  /**
   * Reads a header.
   *
   * @param header its value; null where there is none
   * @return empty where there is none, or it is of another scheme
   * @throws SignInRefusedException where it is of this scheme and malformed
   */
  public static Optional<BasicCredentials> of(String header) throws SignInRefusedException {
    if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      int colon = text.indexOf(':');
      if (colon >= 0) {
        return Optional.of(
            new BasicCredentials(text.substring(0, colon), text.substring(colon + 1)));
      }
    } catch (IllegalArgumentException | CharacterCodingException e) {
      // Answered below, as credentials without a colon.
    }
    throw SignInRefusedException.malformed(
        "The header Authorization is malformed: after \"Basic \" it must be name:password in"
            + " base64.");
  }

  /** Keeps the password out of logs. */
  @Override
  public String toString() {
    return name;
  }
}
