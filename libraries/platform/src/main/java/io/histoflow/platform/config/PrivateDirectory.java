package io.histoflow.platform.config;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A directory that only the user of this process can enter: it holds images of patients' tissue, or
 * credentials.
 */
public final class PrivateDirectory {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(EnumSet.copyOf(OWNER_ONLY));
  private static final String ROOT = "root";

  private PrivateDirectory() {}

  /**
   * Creates the directory, for its owner only, or takes one that exists and shuts others out.
   *
   * <p>A directory that belongs to somebody else, or that anybody may write to, is refused: what
   * lies in it may be theirs. One of root's that is open to us, such as a mounted volume, is taken
   * as it is. File systems without owners and permissions are taken as they are, too.
   *
   * @param directory the directory; parents that lack are made, as the user's other files
   * @return a sentence for a person where an existing directory was open to others
   * @throws ConfigException when it cannot be made, or is refused
   */
  public static Optional<String> ensure(Path directory) {
    try {
      if (Files.notExists(directory)) {
        create(directory);
        return Optional.empty();
      }
      if (!Files.isDirectory(directory)) {
        throw new ConfigException(
            directory + " is no directory: name another one, or move the file away.");
      }
      return isPosix(directory) ? tighten(directory) : Optional.empty();
    } catch (IOException e) {
      throw new ConfigException(
          "The directory " + directory + " cannot be used: " + PrivateFile.reason(e) + ".", e);
    }
  }

  private static void create(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (isPosix(parent)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } else {
      Files.createDirectory(directory);
    }
  }

  private static Optional<String> tighten(Path directory) throws IOException {
    PosixFileAttributes found = Files.readAttributes(directory, PosixFileAttributes.class);
    String mode = PosixFilePermissions.toString(found.permissions());
    if (found.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new ConfigException(
          "Anybody on this machine can write to the directory "
              + directory
              + " ("
              + mode
              + "): use a directory of your own, or, where nobody has put anything there, run"
              + " chmod 700 on it.");
    }
    if (!found.owner().equals(self(directory))) {
      if (found.owner().getName().equals(ROOT)) {
        return Optional.empty();
      }
      throw new ConfigException(
          "The directory "
              + directory
              + " belongs to "
              + found.owner().getName()
              + ", who could read what is kept there: use a directory of your own.");
    }
    EnumSet<PosixFilePermission> tightened = EnumSet.copyOf(found.permissions());
    if (!tightened.removeAll(OTHERS)) {
      return Optional.empty();
    }
    Files.setPosixFilePermissions(directory, tightened);
    return Optional.of(
        "The directory "
            + directory
            + " was open to other users of this machine ("
            + mode
            + "); it is now yours alone.");
  }

  /** The owner of what this process creates. */
  private static Object self(Path directory) throws IOException {
    Path probe = Files.createTempFile(directory, ".owner", null);
    try {
      return Files.getOwner(probe, NOFOLLOW_LINKS);
    } finally {
      Files.delete(probe);
    }
  }

  private static boolean isPosix(Path path) throws IOException {
    return Files.getFileStore(path).supportsFileAttributeView("posix");
  }
}
