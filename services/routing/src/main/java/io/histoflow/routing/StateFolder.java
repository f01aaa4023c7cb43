package io.histoflow.routing;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.histoflow.platform.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/** The folder of the state stores: it tells of patients' slides, and belongs to one user. */
final class StateFolder {
  private StateFolder() {}

  /**
   * Creates a folder for its owner only, or shuts others out of one that exists. One of root's that
   * is open to us, such as a mounted volume, is taken as it is.
   *
   * @throws ConfigException where it belongs to somebody else, anybody may write to it, or it
   *     cannot be made
   */
  static void ensure(Path folder) {
    try {
      boolean isNew = Files.notExists(folder);
      Files.createDirectories(folder);
      if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        return;
      }
      if (isNew) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        return;
      }
      PosixFileAttributes found = Files.readAttributes(folder, PosixFileAttributes.class);
      boolean open = found.permissions().contains(PosixFilePermission.OTHERS_WRITE);
      if (found.owner().equals(self(folder)) && !open) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      } else if (open || !found.owner().getName().equals("root")) {
        throw new ConfigException(
            "The folder of the routing state "
                + folder
                + (open
                    ? " can be written by anybody: "
                    : " belongs to " + found.owner().getName() + ": ")
                + "set "
                + RoutingServiceSettings.STATE_DIR.name()
                + " to a folder of your own.");
      }
    } catch (IOException e) {
      throw new ConfigException(
          "The folder of the routing state "
              + folder
              + " cannot be used ("
              + e
              + "): set "
              + RoutingServiceSettings.STATE_DIR.name()
              + " to a folder of your own.",
          e);
    }
  }

  /** Returns the owner of what this process creates. */
  private static UserPrincipal self(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, ".owner", null);
    try {
      return Files.getOwner(probe, NOFOLLOW_LINKS);
    } finally {
      Files.delete(probe);
    }
  }
}
