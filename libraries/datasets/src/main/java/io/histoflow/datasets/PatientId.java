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

  /** NuInsSeg: species, organ, number of the image; each organ is one slide. */
  private static final Pattern NUINSSEG =
      Pattern.compile("^((?:human|mouse)_\\D+_)(\\d{1,4})$", Pattern.CASE_INSENSITIVE);

  /** Neighbouring images of one slide that stay together, so that a split cuts it in few places. */
  private static final int BLOCK = 4;

  /** Where in its image a tile lies. */
  private static final Pattern CUT = Pattern.compile("/\\d+/\\d+$");

  private PatientId() {}

  /**
   * The patient of an image.
   *
   * @param imageId name of the image without its ending, or of a tile that was {@link
   *     LabelledTile#crop cut} from it
   * @return the first 12 characters of a TCGA barcode, the patient prefix of a TNBC name, the block
   *     of {@value #BLOCK} neighbours of a NuInsSeg name, whose organs are one patient each, else
   *     the whole id: an image of its own
   */
  public static String of(String imageId) {
    String image = imageOf(imageId);
    for (Pattern pattern : new Pattern[] {TCGA, TNBC}) {
      Matcher barcode = pattern.matcher(image);
      if (barcode.matches()) {
        return barcode.group(1);
      }
    }
    Matcher match = NUINSSEG.matcher(image);
    return match.matches()
        ? match.group(1) + "block_" + (Integer.parseInt(match.group(2)) - 1) / BLOCK
        : image;
  }

  /** The image that a tile was cut from, by its id; an image's own id stays as it is. */
  static String imageOf(String id) {
    return CUT.matcher(id).replaceFirst("");
  }
}
