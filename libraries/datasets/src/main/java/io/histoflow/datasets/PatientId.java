package io.histoflow.datasets;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells the patient from the name of an image, so that a split by patient keeps all images of one
 * person on one side.
 */
public final class PatientId {

  /** The first three fields of a TCGA barcode: project, tissue source site, participant. */
  private static final Pattern TCGA =
      Pattern.compile("^(TCGA-[A-Z0-9]{2}-[A-Z0-9]{4})(?![A-Z0-9]).*", Pattern.CASE_INSENSITIVE);

  /** Naylor's triple-negative breast cancer set: patient, then image. */
  private static final Pattern TNBC = Pattern.compile("^(tnbc_\\d+)_.*", Pattern.CASE_INSENSITIVE);

  /** Where in its image a tile lies. */
  private static final Pattern CUT = Pattern.compile("/\\d+/\\d+$");

  private PatientId() {}

  /**
   * The patient of an image.
   *
   * @param imageId name of the image without its ending, or of a tile that was {@link
   *     LabelledTile#crop cut} from it
   * @return the first 12 characters of a TCGA barcode, the patient prefix of a TNBC name, else the
   *     whole id: an image of its own
   */
  public static String of(String imageId) {
    String image = imageOf(imageId);
    for (Pattern pattern : new Pattern[] {TCGA, TNBC}) {
      Matcher match = pattern.matcher(image);
      if (match.matches()) {
        return match.group(1);
      }
    }
    return image;
  }

  /** The image that a tile was cut from, by its id; an image's own id stays as it is. */
  static String imageOf(String id) {
    return CUT.matcher(id).replaceFirst("");
  }
}
