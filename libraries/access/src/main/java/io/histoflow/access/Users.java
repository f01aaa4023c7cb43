package io.histoflow.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.histoflow.platform.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * The users of a file as Apache's {@code htpasswd -B} writes it: one {@code name:bcrypt hash} a
 * line, after which {@code :viewer}, {@code :reader} or {@code :lead} may stand. Safe for use by
 * several threads; two passwords at most are hashed at a time.
 */
public final class Users {
  private static final int MAX_PASSWORD_BYTES = 72;
  private static final int MAX_FILE_BYTES = 1 << 20;
  private static final int AT_A_TIME = 2;
  private static final int MIN_COST = 4;
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");

  private final Map<String, String> hashes;
  private final Map<String, Role> roles;
  // So that an unknown name costs as much time as a wrong password.
  private final String nobody;
  private final Semaphore hashing = new Semaphore(AT_A_TIME, true);
  private final VerifiedPasswords verified;

  private Users(Map<String, String> hashes, Map<String, Role> roles, Clock clock) {
    this.hashes = Map.copyOf(hashes);
    this.roles = Map.copyOf(roles);
    this.verified = new VerifiedPasswords(clock);
    int cost = hashes.values().stream().mapToInt(Users::cost).max().orElse(MIN_COST);
    this.nobody = BCrypt.withDefaults().hashToString(cost, "nobody".toCharArray());
  }

  /**
   * Reads a users file.
   *
   * @param file the file, which others on this machine must be able neither to read nor to change
   * @param clock tells how long a password that was verified need not be verified again
   * @throws ConfigException where it is missing, empty, open to others, or holds anything else than
   *     names that can be seen and bcrypt hashes
   */
  public static Users load(Path file, Clock clock) {
    SecretFile.requirePrivate("users file", file);
    Map<String, String> hashes = new HashMap<>();
    Map<String, Role> roles = new HashMap<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(':');
      String name = ReviewerName.of(colon < 0 ? "" : line.substring(0, colon));
      String rest = line.substring(colon + 1).strip();
      int second = rest.indexOf(':');
      String hash = second < 0 ? rest : rest.substring(0, second).strip();
      if (name.isEmpty() || !BCRYPT.matcher(hash).matches()) {
        throw new ConfigException(
            ("Line %s of the users file %s is not name:hash with a bcrypt hash:"
                    + " write it with htpasswd -B.")
                .formatted(number, file));
      }
      if (second >= 0) {
        roles.put(name, role(rest.substring(second + 1).strip(), number, file));
      }
      Optional<String> fault = ReviewerName.fault(name);
      if (fault.isPresent()) {
        throw new ConfigException(
            "Line " + number + " of the users file " + file + ": " + fault.get());
      }
      if (hashes.put(name, hash) != null) {
        throw new ConfigException(
            "Line " + number + " of the users file " + file + " names " + name + " once more.");
      }
    }
    if (hashes.isEmpty()) {
      throw new ConfigException(
          "The users file %s names nobody: add users with htpasswd -B %s NAME."
              .formatted(file, file));
    }
    return new Users(hashes, roles, clock);
  }

  /** Returns what a user may do: READER where the file does not say. */
  public Role role(String name) {
    return roles.getOrDefault(name, Role.READER);
  }

  /**
   * Tells whether a password is the one that {@link #matches} found right some minutes ago; empty
   * where it found none of that name. Quick, so that who asks must bound guessing.
   */
  public Optional<Boolean> matchedLately(String name, String password) {
    return verified.isRight(name, password.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Tells whether a user of that name has that password; takes the time of a hash.
   *
   * @param name as {@link ReviewerName#of} returns it
   */
  public boolean matches(String name, String password) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_PASSWORD_BYTES) {
      return false;
    }
    String hash = hashes.getOrDefault(name, nobody);
    hashing.acquireUninterruptibly();
    try {
      boolean right =
          BCrypt.verifyer().verify(bytes, hash.getBytes(StandardCharsets.UTF_8)).verified
              && hashes.containsKey(name);
      if (right) {
        verified.add(name, bytes);
      }
      return right;
    } finally {
      hashing.release();
    }
  }

  private static Role role(String text, int number, Path file) {
    try {
      return Role.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "Line %s of the users file %s ends with the role \"%s\": it is viewer, reader or lead."
              .formatted(number, file, text),
          e);
    }
  }

  /** As in {@code $2y$10$...}. */
  private static int cost(String hash) {
    return Integer.parseInt(hash.substring(4, 6));
  }

  private static List<String> lines(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new ConfigException("The users file " + file + " is larger than 1 MiB.");
      }
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new ConfigException(
          "The users file %s cannot be read as UTF-8 text: check the setting that names it (%s)."
              .formatted(file.toAbsolutePath(), e.getClass().getSimpleName()),
          e);
    }
  }
}
