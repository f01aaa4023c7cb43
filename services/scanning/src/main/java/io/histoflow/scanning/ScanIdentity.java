package io.histoflow.scanning;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which scan of its slide this is. The same content of the same organ on the same grid is the same
 * scan, so that scanning again gives the same ids; what differs in any of them is another scan.
 *
 * @param scanId 32 hexadecimal digits
 * @param replacement whether the scan takes another's place: its tiles may not have that one's ids
 */
record ScanIdentity(String scanId, boolean replacement) {
  private static final int DIGITS = 32;
  private static final int DIGITS_IN_TILES = 8;

  /**
   * The identity of a scan, from the files' bytes and all settings that tiles depend on.
   *
   * @param names of the slide's images, by which its tiles are told apart
   * @param pixels what else decides on its tiles: which are left out, a resolution that the user
   *     gave; empty where nothing does
   * @param known the scan that is there already
   * @param replace whether this one may take its place
   * @return empty where another scan is there and may not be replaced
   */
  static Optional<ScanIdentity> of(
      SlideSource slide,
      ImageNames names,
      ScanSettings settings,
      String pixels,
      Optional<KnownScan> known,
      boolean replace) {
    String content = content(slide, names, settings) + pixels;
    ScanIdentity first = new ScanIdentity(hash("first", content), false);
    ScanIdentity second = new ScanIdentity(hash("replacement", content), true);
    if (known.isEmpty()) {
      return Optional.of(first);
    }
    Optional<String> there = known.get().scanId();
    if (there.equals(Optional.of(first.scanId))) {
      return Optional.of(first);
    }
    boolean again = there.equals(Optional.of(second.scanId));
    return again || replace ? Optional.of(second) : Optional.empty();
  }

  /** What the ids of the slide's tiles begin with. */
  String tilePrefix(String slideId) {
    return slideId + "/" + (replacement ? scanId.substring(0, DIGITS_IN_TILES) + "/" : "");
  }

  private static String content(SlideSource slide, ImageNames names, ScanSettings settings) {
    StringBuilder content =
        new StringBuilder(
            "%s %s %s %s"
                .formatted(
                    settings.tileSize(), settings.overlap(), settings.encoding(), slide.organ()));
    if (settings.encoding() == TileEncoding.JPEG) {
      content.append(' ').append(settings.jpegQuality());
    }
    for (Path image : slide.images()) {
      content.append('\n').append(hashOf(image));
      if (slide.images().size() > 1) {
        content.append(' ').append(names.of(image).orElse(""));
      }
    }
    return content.toString();
  }

  /** What cannot be read is named when its tiles are; the other images of its slide go on. */
  private static String hashOf(Path image) {
    try {
      return SlideDiscovery.hash(image);
    } catch (IOException e) {
      return "unreadable";
    }
  }

  private static String hash(String kind, String content) {
    return Hashing.sha256()
        .hashString(kind + "\n" + content, StandardCharsets.UTF_8)
        .toString()
        .substring(0, DIGITS);
  }
}
