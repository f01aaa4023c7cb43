package io.histoflow.scanning.upload;

import io.histoflow.scanning.WatchedFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;

/** The name of a file that somebody sends: never a way out of the folder it is for. */
final class UploadName {
  private static final int MOST_BYTES = 200;

  /** What no file's name may have on some system, and what cannot be seen. */
  private static final Pattern ALLOWED = Pattern.compile("[^\\p{C}/\\\\:*?\"<>|]+");

  /** Their slides are several files. */
  private static final Set<String> SEVERAL_FILES = Set.of("mrxs", "vms", "vmu");

  private UploadName() {}

  /**
   * Returns a name that can be a file's in the folder, composed (NFC).
   *
   * @param text as it was sent, decoded
   * @throws UploadRefusedException where it cannot
   */
  static String of(String text) throws UploadRefusedException {
    String name = Normalizer.normalize(text, Normalizer.Form.NFC);
    if (!ALLOWED.matcher(name).matches()
        || name.startsWith(".")
        || name.endsWith(".")
        || !name.equals(name.strip())
        || name.indexOf('\uFFFD') >= 0
        || name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw refused(
          "The name cannot be a file's: send PUT /slides/NAME with a name of up to 200 bytes,"
              + " without a point before or behind it and without / \\ : * ? \" < > |.");
    }
    if (!WatchedFolder.takes(Path.of(name))) {
      throw refused(
          "%s has not the ending of an image or a slide, such as .svs, .tif or .dcm: nothing would scan it."
              .formatted(name));
    }
    if (SEVERAL_FILES.contains(
        name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))) {
      throw refused(
          "%s is one of the several files of its slide, which cannot be sent one by one: copy them into the folder together."
              .formatted(name));
    }
    return name;
  }

  private static UploadRefusedException refused(String sentence) {
    return new UploadRefusedException(HttpStatus.BAD_REQUEST_400, sentence);
  }
}
