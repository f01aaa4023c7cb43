package io.histoflow.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the pairs of image and mask in one folder. */
final class DatasetFolder {

  private static final List<Layout> LAYOUTS =
      List.of(new Layout("images", "masks"), new Layout("tissue images", "mask binary"));
  private static final Set<String> IMAGE_ENDINGS = Set.of("png", "jpg", "jpeg", "tif", "tiff");
  private static final Set<String> MASK_ENDINGS = Set.of("png");
  private static final String UNCERTAIN = "uncertain";
  private static final Pattern SPECIES = Pattern.compile("^(human|mouse)[ _-]+");

  /** A folder of many organs whose images do not tell which is whose. */
  private static final String MIXED = "mixed";

  private DatasetFolder() {}

  private static boolean hasLayout(Path root) {
    return Files.isDirectory(root)
        && (layoutOf(root).isPresent()
            || directories(root).stream().anyMatch(d -> layoutOf(d).isPresent()));
  }

  static List<ImageFolder> imageFolders(Path root) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    return Stream.concat(Stream.of(root), directories(root).stream())
        .flatMap(
            folder ->
                LAYOUTS.stream()
                    .map(layout -> folder.resolve(layout.images()))
                    .filter(Files::isDirectory)
                    .map(images -> new ImageFolder(organ(folder), images)))
        .toList();
  }

  static List<Sample> read(Path root) {
    if (!Files.isDirectory(root)) {
      throw new DatasetException(
          Files.exists(root)
              ? root + " is a file; a data set is a folder with <organ>/images and <organ>/masks"
              : "There is no folder " + root);
    }
    List<Sample> samples = new ArrayList<>();
    Optional<Layout> own = layoutOf(root);
    if (own.isPresent()) {
      pair(root, own.get(), samples);
    } else {
      for (Path folder : directories(root)) {
        requireBothFolders(folder);
        layoutOf(folder).ifPresent(layout -> pair(folder, layout, samples));
      }
    }
    if (samples.isEmpty()) {
      throw new DatasetException(nothingIn(root));
    }
    return samples;
  }

  private static void requireBothFolders(Path folder) {
    for (Layout layout : LAYOUTS) {
      boolean images = Files.isDirectory(folder.resolve(layout.images()));
      boolean masks = Files.isDirectory(folder.resolve(layout.masks()));
      if (images && !masks && layoutOf(folder).isEmpty()) {
        throw new DatasetException(
            "%s has no folder '%s' beside '%s'; add the masks, or move it out of the data set"
                .formatted(folder, layout.masks(), layout.images()));
      }
    }
  }

  private static void pair(Path folder, Layout layout, List<Sample> samples) {
    Path imageFolder = folder.resolve(layout.images());
    Path maskFolder = folder.resolve(layout.masks());
    Map<String, Path> images = filesByStem(imageFolder, IMAGE_ENDINGS);
    Map<String, Path> masks = filesByStem(maskFolder, MASK_ENDINGS);
    Set<String> unmasked = new TreeSet<>(images.keySet());
    unmasked.removeAll(masks.keySet());
    if (!unmasked.isEmpty()) {
      String first = unmasked.iterator().next();
      throw new DatasetException(
          "%s has no mask: %s.png is missing%s"
              .formatted(images.get(first), maskFolder.resolve(first), andMore(unmasked)));
    }
    Set<String> orphans = new TreeSet<>(masks.keySet());
    orphans.removeAll(images.keySet());
    if (!orphans.isEmpty()) {
      throw new DatasetException(
          "%s has no image of that name in %s%s"
              .formatted(masks.get(orphans.iterator().next()), imageFolder, andMore(orphans)));
    }
    String organ = organ(folder);
    Map<String, Path> uncertain = uncertain(folder, images.keySet());
    images.forEach(
        (id, image) ->
            samples.add(
                new Sample(
                    id,
                    organ,
                    image,
                    masks.get(id),
                    Optional.ofNullable(uncertain.get(id)),
                    OptionalDouble.empty())));
  }

  /** Where masks say nothing, of the images that have such a file. */
  private static Map<String, Path> uncertain(Path folder, Set<String> images) {
    Path uncertainFolder = folder.resolve(UNCERTAIN);
    if (!Files.isDirectory(uncertainFolder)) {
      return Map.of();
    }
    Map<String, Path> uncertain = filesByStem(uncertainFolder, MASK_ENDINGS);
    Set<String> orphans = new TreeSet<>(uncertain.keySet());
    orphans.removeAll(images);
    if (!orphans.isEmpty()) {
      throw new DatasetException(
          "%s belongs to no image of %s%s"
              .formatted(uncertain.get(orphans.iterator().next()), folder, andMore(orphans)));
    }
    return uncertain;
  }

  private static String organ(Path folder) {
    String name = OrganName.of(name(folder.toAbsolutePath().normalize()));
    String organ = SPECIES.matcher(name).replaceFirst("");
    return organ.equals(MIXED) ? OrganName.UNKNOWN : organ;
  }

  private static Map<String, Path> filesByStem(Path folder, Set<String> endings) {
    Map<String, Path> byStem = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = name(file);
        int dot = name.lastIndexOf('.');
        boolean wanted =
            dot > 0
                && !name.startsWith(".")
                && endings.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT))
                && !Files.isDirectory(file);
        if (!wanted) {
          continue;
        }
        if (!Files.isRegularFile(file)) {
          throw new DatasetException(
              file + " is no file, or a link to one that is not there; mend or remove it");
        }
        Path other = byStem.putIfAbsent(id(name.substring(0, dot)), file);
        if (other != null) {
          throw new DatasetException(
              "%s and %s have the same name but for the ending or the way that accents are written;"
                      .formatted(other, file)
                  + " keep one");
        }
      }
      return byStem;
    } catch (IOException e) {
      throw new DatasetException("The folder " + folder + " cannot be read: " + e, e);
    }
  }

  /** The same name is written with composed letters on one system and with accents on another. */
  static String id(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  private static Optional<Layout> layoutOf(Path folder) {
    return LAYOUTS.stream()
        .filter(l -> Files.isDirectory(folder.resolve(l.images())))
        .filter(l -> Files.isDirectory(folder.resolve(l.masks())))
        .findFirst();
  }

  private static List<Path> directories(Path root) {
    try (Stream<Path> children = Files.list(root)) {
      return children
          .filter(Files::isDirectory)
          .filter(d -> !name(d).startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new DatasetException("The folder " + root + " cannot be read: " + e, e);
    }
  }

  private static String nothingIn(Path root) {
    String what =
        root + " holds no data set: expected <organ>/images/<id>.png with <organ>/masks/<id>.png";
    return directories(root).stream()
        .filter(DatasetFolder::hasLayout)
        .findFirst()
        .map(inner -> what + "; did you mean " + inner + "?")
        .orElse(what);
  }

  private static String andMore(Set<String> ids) {
    return ids.size() == 1 ? "" : " (and " + (ids.size() - 1) + " more like it)";
  }

  private static String name(Path path) {
    Path last = path.getFileName();
    return last == null ? "" : last.toString();
  }

  private record Layout(String images, String masks) {}
}
