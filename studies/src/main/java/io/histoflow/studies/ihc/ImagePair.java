package io.histoflow.studies.ihc;

import io.histoflow.commandline.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An H&E image and the H-DAB image of a neighbouring section.
 *
 * @param name of the H&E file without its ending
 */
record ImagePair(String name, Path he, Path ihc) {

  /**
   * Returns the pair of two files, or those of two folders whose names are the same but for the
   * ending.
   *
   * @throws CommandFailedException where one is missing
   */
  static List<ImagePair> of(Path he, Path ihc) throws IOException {
    for (Path path : List.of(he, ihc)) {
      if (!Files.exists(path)) {
        throw new CommandFailedException("There is no file or folder " + path + ".");
      }
    }
    if (Files.isDirectory(he) != Files.isDirectory(ihc)) {
      throw new CommandFailedException("--he and --ihc must be two files or two folders.");
    }
    if (!Files.isDirectory(he)) {
      return List.of(new ImagePair(stem(he), he, ihc));
    }
    Map<String, Path> fixed = files(he);
    Map<String, Path> moving = files(ihc);
    TreeSet<String> alone = new TreeSet<>(fixed.keySet());
    alone.addAll(moving.keySet());
    alone.removeIf(name -> fixed.containsKey(name) && moving.containsKey(name));
    if (!alone.isEmpty()) {
      throw new CommandFailedException(
          "'%s' is in only one of %s and %s: add its partner of the same name, or move it away."
              .formatted(alone.first(), he, ihc));
    }
    if (fixed.isEmpty()) {
      throw new CommandFailedException(he + " holds no images.");
    }
    return fixed.keySet().stream()
        .map(name -> new ImagePair(name, fixed.get(name), moving.get(name)))
        .toList();
  }

  private static Map<String, Path> files(Path folder) throws IOException {
    Map<String, Path> byStem = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        if (Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".")) {
          byStem.put(stem(file), file);
        }
      }
    }
    return byStem;
  }

  private static String stem(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
  }
}
