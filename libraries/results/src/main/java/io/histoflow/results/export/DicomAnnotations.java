package io.histoflow.results.export;

import io.histoflow.results.slide.Nucleus;
import io.histoflow.results.slide.SlideException;
import io.histoflow.results.slide.SlideResults;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.locationtech.jts.geom.Coordinate;

/**
 * Writes nuclei as DICOM Microscopy Bulk Simple Annotations (PS3.3, A.87): one group of polygons in
 * pixels of the image that the slide was scanned from. A polygon has no holes there: outlines are
 * the outer ones. Corners wait in the temporary folder, for their number comes before them.
 */
final class DicomAnnotations implements NucleusWriter {
  private static final String ANNOTATIONS = "1.2.840.10008.5.1.4.1.1.91.1";
  private static final String SLIDE_IMAGE = "1.2.840.10008.5.1.4.1.1.77.1.6";
  private static final String EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
  private static final String IMPLEMENTATION = uid("histoflow");
  private static final String SOFTWARE = "histoflow";
  private static final int PREAMBLE = 128;
  private static final int LONGEST_TEXT = 64;
  private static final long MOST_BYTES = 0xFFFF_FFF0L;

  private final OutputStream out;
  private final SlideResults slide;
  private final SlideResults.DicomSource source;
  private final Outlines outlines;
  private final Spilled corners = new Spilled();
  private final Spilled starts = new Spilled();
  private final Set<String> models = new TreeSet<>();
  private final Set<String> versions = new TreeSet<>();
  private boolean judged;
  private long nuclei;

  /**
   * Begins a file.
   *
   * @param out closed with this
   * @param slide whose nuclei come
   * @param outlines how exact outlines are
   * @throws SlideException where the slide did not come from DICOM
   */
  DicomAnnotations(OutputStream out, SlideResults slide, Outlines outlines) throws IOException {
    this.out = out;
    this.slide = slide;
    this.source =
        slide
            .dicomSource()
            .orElseThrow(
                () ->
                    new SlideException(
                        "Slide %s was not scanned from DICOM, or before its image was noted: annotations need an image to refer to. Scan it again from DICOM with --replace, or export geojson."
                            .formatted(slide.slideId())));
    this.outlines = outlines;
  }

  @Override
  public void write(Nucleus nucleus) throws IOException {
    Coordinate[] ring = outlines.of(nucleus.pixels()).getExteriorRing().getCoordinates();
    starts.putInt(Math.toIntExact(corners.bytes / Float.BYTES + 1));
    // The last one is the first again, and goes without saying.
    for (int i = 0; i + 1 < ring.length; i++) {
      corners.putFloat((float) (ring[i].x * slide.downsample()));
      corners.putFloat((float) (ring[i].y * slide.downsample()));
    }
    if (corners.bytes > MOST_BYTES / 2) {
      throw new SlideException(
          "The outlines of slide %s have more corners than one DICOM file holds: use --simplify 0.75."
              .formatted(slide.slideId()));
    }
    models.add(nucleus.modelId());
    versions.add(Long.toString(nucleus.modelVersion()));
    judged |= !nucleus.verdict().equals("none");
    nuclei++;
  }

  @Override
  public void close() throws IOException {
    try (corners;
        starts;
        DicomElements file = new DicomElements(out)) {
      writeAll(file);
    }
  }

  private void writeAll(DicomElements file) throws IOException {
    String instance = uid(UUID.randomUUID());
    LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC);
    String date = now.format(DateTimeFormatter.BASIC_ISO_DATE);
    String time = now.format(DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT));
    file.raw(new byte[PREAMBLE]);
    file.raw("DICM".getBytes(StandardCharsets.US_ASCII));
    file.raw(meta(instance));
    file.text(0x0008_0005, "CS", "ISO_IR 192");
    file.text(0x0008_0016, "UI", ANNOTATIONS);
    file.text(0x0008_0018, "UI", instance);
    file.text(0x0008_0020, "DA", "");
    file.text(0x0008_0023, "DA", date);
    file.text(0x0008_0030, "TM", "");
    file.text(0x0008_0033, "TM", time);
    file.text(0x0008_0050, "SH", "");
    file.text(0x0008_0060, "CS", "ANN");
    file.text(0x0008_0070, "LO", SOFTWARE);
    file.text(0x0008_0090, "PN", "");
    file.text(0x0008_1090, "LO", SOFTWARE);
    file.sequence(0x0008_1115);
    file.item();
    file.sequence(0x0008_114A);
    reference(file);
    file.sequenceEnd();
    file.text(0x0020_000E, "UI", source.series());
    file.itemEnd();
    file.sequenceEnd();
    file.sequence(0x0008_1140);
    reference(file);
    file.sequenceEnd();
    // Whose slide it is the study knows.
    file.text(0x0010_0010, "PN", "");
    file.text(0x0010_0020, "LO", "");
    file.text(0x0010_0030, "DA", "");
    file.text(0x0010_0040, "CS", "");
    file.text(0x0018_1000, "LO", "none");
    file.text(0x0018_1020, "LO", joined(versions));
    file.text(0x0020_000D, "UI", source.study().orElseGet(() -> uid("study " + source.series())));
    file.text(0x0020_000E, "UI", uid("annotations of " + source.series()));
    file.text(0x0020_0010, "SH", "");
    file.text(0x0020_0011, "IS", "1");
    file.text(0x0020_0013, "IS", "1");
    file.text(0x0048_0301, "CS", "VOLUME");
    file.text(0x006A_0001, "CS", "2D");
    file.sequence(0x006A_0002);
    file.item();
    group(file);
    file.itemEnd();
    file.sequenceEnd();
    file.text(0x0070_0080, "CS", "NUCLEI");
    file.text(0x0070_0081, "LO", "Nuclei of a whole slide");
    file.text(0x0070_0084, "PN", "");
  }

  private void group(DicomElements file) throws IOException {
    file.number16(0x0040_A180, 1);
    corners.writeTo(file, 0x0066_0016, "OF");
    starts.writeTo(file, 0x0066_0040, "OL");
    file.text(0x006A_0003, "UI", uid(UUID.randomUUID()));
    file.text(0x006A_0005, "LO", "Nuclei");
    file.text(0x006A_0007, "CS", judged ? "SEMIAUTOMATIC" : "AUTOMATIC");
    file.sequence(0x006A_0008);
    file.item();
    file.code(0x0066_002F, "123110", "DCM", "Artificial Intelligence");
    file.text(0x0066_0031, "LO", joined(versions));
    file.text(0x0066_0036, "LO", joined(models));
    file.itemEnd();
    file.sequenceEnd();
    file.code(0x006A_0009, "91723000", "SCT", "Anatomical structure");
    file.code(0x006A_000A, "84640000", "SCT", "Nucleus");
    file.number32(0x006A_000C, nuclei);
    file.text(0x006A_000D, "CS", "YES");
    file.text(0x006A_000F, "CS", "YES");
    file.text(0x0070_0023, "CS", "POLYGON");
  }

  private void reference(DicomElements file) throws IOException {
    file.item();
    file.text(0x0008_1150, "UI", SLIDE_IMAGE);
    file.text(0x0008_1155, "UI", source.image());
    file.itemEnd();
  }

  /** The group that says how the rest is written; its own length comes first. */
  private static byte[] meta(String instance) throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try (DicomElements elements = new DicomElements(rest);
        DicomElements head = new DicomElements(whole)) {
      elements.version(0x0002_0001);
      elements.text(0x0002_0002, "UI", ANNOTATIONS);
      elements.text(0x0002_0003, "UI", instance);
      elements.text(0x0002_0010, "UI", EXPLICIT_LITTLE);
      elements.text(0x0002_0012, "UI", IMPLEMENTATION);
      head.number32(0x0002_0000, rest.size());
      head.raw(rest.toByteArray());
    }
    return whole.toByteArray();
  }

  /** Ascii, of 64 characters at most; never empty. */
  private static String joined(Set<String> names) {
    String text = String.join("+", names).replaceAll("[^ -\\[\\]-~]", "_");
    return text.isEmpty() ? "none" : text.substring(0, Math.min(LONGEST_TEXT, text.length()));
  }

  private static String uid(String name) {
    return uid(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
  }

  /** As PS3.5, B.2, makes one of a UUID. */
  private static String uid(UUID uuid) {
    return "2.25." + new BigInteger(uuid.toString().replace("-", ""), 16);
  }

  /** Values of 32 bits that wait on the disk. */
  private static final class Spilled implements AutoCloseable {
    private final Path path;
    private final OutputStream out;
    private final ByteBuffer value = ByteBuffer.allocate(Integer.BYTES);
    private long bytes;

    Spilled() throws IOException {
      value.order(ByteOrder.LITTLE_ENDIAN);
      path = Files.createTempFile("histoflow-annotations-", ".values");
      out = new BufferedOutputStream(Files.newOutputStream(path));
    }

    void putInt(int number) throws IOException {
      value.putInt(0, number);
      out.write(value.array());
      bytes += Integer.BYTES;
    }

    void putFloat(float number) throws IOException {
      putInt(Float.floatToIntBits(number));
    }

    void writeTo(DicomElements file, int tag, String representation) throws IOException {
      out.close();
      try (InputStream in = Files.newInputStream(path)) {
        file.values(tag, representation, bytes, in);
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
      Files.deleteIfExists(path);
    }
  }
}
