package io.histoflow.scanning;

import static org.assertj.core.api.Assertions.assertThat;

import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.tiff.Rational;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFEntry;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageMetadata;
import java.util.List;
import org.junit.jupiter.api.Test;

class TiffTagsTest {

  @Test
  void shouldReadTheResolutionOfAnAperioSlide() {
    // Given
    TiffTags tags =
        tags(
            new TIFFEntry(
                270,
                "Aperio Image Library v11.2.1 \r\n2220x2967 (240x240) JPEG/RGB Q=30"
                    + "|AppMag = 20|StripeWidth = 2040|ScanScope ID = CPAPERIOCS|MPP = 0.4990"));

    // Then
    assertThat(tags.micronsPerPixel()).hasValue(0.499);
    assertThat(tags.scanner()).hasValue("CPAPERIOCS");
  }

  @Test
  void shouldReadTheResolutionTagPerCentimetreAndPerInch() {
    // Given: 20,000 pixels a centimetre, 50,800 an inch
    TiffTags centimetre = tags(new TIFFEntry(282, new Rational(20_000)), new TIFFEntry(296, 3));
    TiffTags inch = tags(new TIFFEntry(282, new Rational(50_800)), new TIFFEntry(296, 2));

    // Then
    assertThat(centimetre.micronsPerPixel()).hasValue(0.5);
    assertThat(inch.micronsPerPixel()).hasValue(0.5);
  }

  @Test
  void shouldReadTheResolutionOfOmeXml() {
    // Given
    TiffTags micrometres = tags(new TIFFEntry(270, "<Pixels PhysicalSizeX=\"0.25\" SizeX=\"9\"/>"));
    TiffTags millimetres =
        tags(
            new TIFFEntry(
                270, "<Pixels PhysicalSizeX=\"0.25\" PhysicalSizeXUnit=\"mm\" SizeX=\"9\"/>"));

    // Then
    assertThat(micrometres.micronsPerPixel()).hasValue(0.25);
    assertThat(millimetres.micronsPerPixel()).isEmpty();
  }

  @Test
  void shouldNotBelieveTheResolutionOfAScreen() {
    // Given: 72 dots an inch, 353 micrometres a pixel; 0; and no unit
    TiffTags screen = tags(new TIFFEntry(282, new Rational(72)), new TIFFEntry(296, 2));
    TiffTags zero = tags(new TIFFEntry(282, new Rational(0)), new TIFFEntry(296, 3));
    TiffTags noUnit = tags(new TIFFEntry(282, new Rational(20_000)), new TIFFEntry(296, 1));

    // Then
    assertThat(screen.micronsPerPixel()).isEmpty();
    assertThat(zero.micronsPerPixel()).isEmpty();
    assertThat(noUnit.micronsPerPixel()).isEmpty();
    assertThat(tags().micronsPerPixel()).isEmpty();
  }

  @Test
  void shouldNameMakerAndModelAsTheScanner() {
    assertThat(tags(new TIFFEntry(271, "Hamamatsu"), new TIFFEntry(272, "C12000")).scanner())
        .hasValue("Hamamatsu C12000");
    assertThat(tags().scanner()).isEmpty();
  }

  private static TiffTags tags(Entry... entries) {
    return new TiffTags(new TIFFImageMetadata(List.of(entries)));
  }
}
