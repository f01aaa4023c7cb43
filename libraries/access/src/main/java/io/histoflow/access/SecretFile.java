package io.histoflow.access;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.PrivateFile;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A file of secrets, which others on this machine must be able neither to read nor to change. One
 * on a read-only mount is taken as it is: that is how a container is given a file, whose owner and
 * mode are the host's and whose readers are the container's own processes.
 */
public final class SecretFile {
  private static final int MAX_SECRET_BYTES = 4 << 10;
  private static final int OTHERS_READ = 04;
  private static final int OTHERS_WRITE = 022;
  private static final int ROOT = 0;
  private static final Path THIS_PROCESS = Path.of("/proc/self");
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  private SecretFile() {}

  /**
   * Reads a file that holds one secret.
   *
   * @param what what the file is, for messages
   * @throws ConfigException where it is missing, empty, larger than 4 KiB or open to others
   */
  public static String read(String what, Path file) {
    requirePrivate(what, file);
    try {
      String secret = Files.size(file) > MAX_SECRET_BYTES ? "" : Files.readString(file).strip();
      if (secret.isEmpty()) {
        throw new ConfigException(
            "The %s %s must hold the secret and nothing else, in at most 4 KiB."
                .formatted(what, file));
      }
      return secret;
    } catch (IOException e) {
      throw new ConfigException(
          "The %s %s cannot be read: %s.".formatted(what, file, PrivateFile.reason(e)), e);
    }
  }

  /**
   * Refuses a file that is open to others; one that does not exist is left to who reads it.
   *
   * @param what what the file is, for messages
   * @throws ConfigException with what to do about it
   */
  static void requirePrivate(String what, Path file) {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    try {
      Map<String, Object> attributes = Files.readAttributes(file, "unix:mode,uid");
      int mode = (Integer) attributes.get("mode");
      int owner = (Integer) attributes.get("uid");
      if ((mode & (OTHERS_READ | OTHERS_WRITE)) != 0) {
        refuse(what, file, "others on this machine can read or change it: run chmod 600 " + file);
      }
      if (owner != ROOT && Files.exists(THIS_PROCESS) && owner != uid()) {
        refuse(what, file, "it belongs to another user: run chown on it, and chmod 600 " + file);
      }
    } catch (IOException e) {
      // Who reads it next says the same in words.
    }
  }

  private static int uid() throws IOException {
    return (Integer) Files.getAttribute(THIS_PROCESS, "unix:uid");
  }

  private static void refuse(String what, Path file, String why) throws IOException {
    if (!isOnReadOnlyMount(file.toRealPath())) {
      throw new ConfigException("The %s %s is refused, since %s.".formatted(what, file, why));
    }
  }

  /** Java's own answer takes a file that is mounted by itself for a part of its disk. */
  private static boolean isOnReadOnlyMount(Path file) throws IOException {
    if (!Files.exists(MOUNTS)) {
      return false;
    }
    String[] nearest = {"", ""};
    for (String line : Files.readAllLines(MOUNTS)) {
      // proc(5): the fifth field is where it is mounted, the sixth how; a later one covers it.
      String[] fields = line.split(" ", 7);
      boolean holds = fields.length > 5 && file.startsWith(Path.of(fields[4]));
      if (holds && fields[4].length() >= nearest[0].length()) {
        nearest = new String[] {fields[4], fields[5]};
      }
    }
    return List.of(nearest[1].split(",", -1)).contains("ro");
  }
}
