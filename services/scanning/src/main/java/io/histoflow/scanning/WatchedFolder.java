package io.histoflow.scanning;

import com.google.common.hash.Hashing;
import io.histoflow.scanning.dicom.DicomSeries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder that slides land in. A slide is ready when it has stopped growing: when size and time of
 * all its files have stayed as they are for a while. What became of it is marked in a file in the
 * folder, {@value #MARKS}, so that each slide is taken once, also by the next watch; one that is
 * written anew is taken anew. Nothing is moved or deleted, and of a folder that cannot be written
 * marks are kept elsewhere. Belongs to one thread.
 */
public final class WatchedFolder {
  /** Name of the file of marks: a line a slide, fields parted by tabs. */
  public static final String MARKS = ".histoflow-scanned";

  /** Files that a slide of several files may have, bounded so that no folder holds a watch up. */
  private static final long MOST_FILES = 100_000;

  private final Path folder;
  private final boolean recursive;
  private final Duration settled;
  private final InstantSource clock;
  private final Path marks;
  private final Map<Path, Seen> seen = new HashMap<>();
  private final Map<String, Size> marked = new HashMap<>();

  /** How large a slide was, and since when it is so. */
  private record Seen(Size size, Instant since) {}

  /** All its files together. */
  private record Size(long files, long bytes, long newestMillis) {
    private static final Size NOTHING = new Size(0, 0, 0);

    Size with(Path file) throws IOException {
      return new Size(
          files + 1,
          bytes + Files.size(file),
          Math.max(newestMillis, Files.getLastModifiedTime(file).toMillis()));
    }
  }

  /**
   * Reads the marks of earlier watches.
   *
   * @param folder where slides land
   * @param recursive whether they land in folders in it too
   * @param settled how long a slide must have stayed as it is
   * @param clock tells that time
   * @param elsewhere where marks are kept of a folder that cannot be written; made when it is
   *     needed
   * @throws ScanException where the folder or its marks cannot be read
   */
  public WatchedFolder(
      Path folder, boolean recursive, Duration settled, InstantSource clock, Path elsewhere) {
    if (!Files.isDirectory(folder)) {
      throw new ScanException(folder + " is no folder: --watch needs one that slides land in.");
    }
    this.folder = folder;
    this.recursive = recursive;
    this.settled = settled;
    this.clock = clock;
    this.marks =
        Files.isWritable(folder)
            ? folder.resolve(MARKS)
            : elsewhere.resolve("watched-" + hash(folder) + ".txt");
    readMarks();
  }

  /** Whether a file of this name would be taken for a slide. */
  public static boolean takes(Path name) {
    return ImageFinder.hasImageEnding(name);
  }

  /**
   * Looks once.
   *
   * @return slides that have landed and settled and bear no mark
   */
  public List<Path> ready() {
    ImageFinder finder = new ImageFinder(recursive);
    finder.add(folder);
    List<Path> ready = new ArrayList<>();
    Map<Path, Seen> before = Map.copyOf(seen);
    seen.clear();
    Instant now = clock.instant();
    for (ImageFinder.Found slide : finder.images()) {
      Optional<Size> size = size(slide.file());
      if (size.isEmpty() || size.equals(Optional.ofNullable(marked.get(name(slide.file()))))) {
        continue;
      }
      Seen known = before.get(slide.file());
      Seen present =
          known != null && known.size.equals(size.get()) ? known : new Seen(size.get(), now);
      seen.put(slide.file(), present);
      if (!present.since.plus(settled).isAfter(now)) {
        ready.add(slide.file());
      }
    }
    return ready;
  }

  /**
   * Marks what became of a slide that was ready.
   *
   * @param result a word, and where it is no success the reason
   * @throws ScanException where the mark cannot be written
   */
  public void mark(Path slide, String result) {
    Seen present = seen.remove(slide);
    if (present == null) {
      return;
    }
    Size size = present.size;
    marked.put(name(slide), size);
    String line =
        String.join(
            "\t",
            Long.toString(size.files),
            Long.toString(size.bytes),
            Long.toString(size.newestMillis),
            clock.instant().toString(),
            oneLine(name(slide)),
            oneLine(result));
    try {
      Files.createDirectories(marks.toAbsolutePath().getParent());
      Files.writeString(marks, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new ScanException(
          "%s cannot be marked as scanned in %s (%s): let this user write there, or the next watch takes it again."
              .formatted(slide, marks, e),
          e);
    }
  }

  /** What a name may hold and a line may not is told apart by its code. */
  private static String oneLine(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private void readMarks() {
    if (!Files.exists(marks)) {
      return;
    }
    try (Stream<String> lines = Files.lines(marks, StandardCharsets.UTF_8)) {
      // A line that was cut off by a crash, or that somebody changed, marks nothing.
      lines
          .map(line -> line.split("\t", -1))
          .filter(fields -> fields.length == 6)
          .forEach(
              fields -> {
                try {
                  marked.put(
                      fields[4],
                      new Size(
                          Long.parseLong(fields[0]),
                          Long.parseLong(fields[1]),
                          Long.parseLong(fields[2])));
                } catch (NumberFormatException e) {
                  // As above.
                }
              });
    } catch (IOException | UncheckedIOException e) {
      throw new ScanException("The marks in %s cannot be read (%s).".formatted(marks, e), e);
    }
  }

  /** The file that has a line for each slide with what became of it. */
  public Path marks() {
    return marks;
  }

  private static String hash(Path folder) {
    String path = folder.toAbsolutePath().normalize().toString();
    return Hashing.sha256().hashString(path, StandardCharsets.UTF_8).toString().substring(0, 16);
  }

  private String name(Path slide) {
    return oneLine(folder.relativize(slide).toString());
  }

  /** The file, and what belongs to it: DICOM files beside it, or the folder that has its name. */
  private static Optional<Size> size(Path slide) {
    try {
      Size size = Size.NOTHING;
      if (DicomSeries.isPart(slide)) {
        try (Stream<Path> beside = Files.list(slide.toAbsolutePath().getParent())) {
          size = all(beside.filter(DicomSeries::isPart));
        }
      } else {
        size = size.with(slide);
      }
      Path companion = slide.resolveSibling(SlideDiscovery.stem(slide));
      if (Files.isDirectory(companion, LinkOption.NOFOLLOW_LINKS)) {
        try (Stream<Path> inside = Files.walk(companion)) {
          Size more = all(inside);
          size =
              new Size(
                  size.files + more.files,
                  size.bytes + more.bytes,
                  Math.max(size.newestMillis, more.newestMillis));
        }
      }
      return Optional.of(size);
    } catch (IOException | UncheckedIOException e) {
      // It is being moved or written this moment.
      return Optional.empty();
    }
  }

  private static Size all(Stream<Path> paths) throws IOException {
    Size size = Size.NOTHING;
    for (Path file :
        (Iterable<Path>) paths.filter(Files::isRegularFile).limit(MOST_FILES)::iterator) {
      size = size.with(file);
    }
    return size;
  }
}
