package io.histoflow.scanning.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TiffTagsTest {

  private static final String OME =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
          + "<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"><Image ID=\"Image:0\">"
          + "<Pixels ID=\"Pixels:0\" SizeX=\"320\" SizeY=\"256\" SizeC=\"3\" SizeZ=\"1\" SizeT=\"1\" %s>"
          + "<Channel ID=\"Channel:0:0\" SamplesPerPixel=\"3\"/></Pixels></Image></OME>";

  @Test
  void shouldReadTheResolutionOfAnAperioSlide() {
    // Given
    TiffTags tags =
        described(
            "Aperio Image Library v11.2.1 \r\n2220x2967 (240x240) JPEG/RGB Q=30"
                + "|AppMag = 20|StripeWidth = 2040|ScanScope ID = CPAPERIOCS|MPP = 0.4990");

    // Then
    assertThat(tags.micronsPerPixel()).hasValue(0.499);
    assertThat(tags.scanner()).hasValue("CPAPERIOCS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"4.99e-1;0.499", "4.99E-1;0.499", "0,4990;0.499", ".499;0.499", "1;1.0"})
  void shouldReadTheResolutionOfAperioHoweverItIsWritten(String written, double microns) {
    assertThat(aperio("MPP = " + written).micronsPerPixel()).hasValue(microns);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "25000", "-0.5", "NaN", "0.4990 um", "", "1.234,5"})
  void shouldNotKnowAResolutionOfAperioThatCannotBe(String written) {
    // Given: a resolution tag that would be possible
    TiffTags tags =
        tags("Aperio|MPP = " + written + "|Left = 1", value(20_000), value(20_000), value(3));

    // Then: the file contradicts itself
    assertThat(tags.micronsPerPixel()).isEmpty();
  }

  @Test
  void shouldNotGuessTheResolutionFromTheMagnification() {
    assertThat(aperio("AppMag = 40").micronsPerPixel()).isEmpty();
  }

  @Test
  void shouldReadTheResolutionTagPerCentimetreAndPerInch() {
    assertThat(resolution(20_000, 20_000, 3).micronsPerPixel()).hasValue(0.5);
    assertThat(resolution(50_800, 50_800, 2).micronsPerPixel()).hasValue(0.5);
  }

  @Test
  void shouldTakeInchesWhereTheUnitIsAbsentAsTheStandardSays() {
    TiffTags absent = tags("", value(50_800), value(50_800), OptionalDouble.empty());
    assertThat(absent.micronsPerPixel()).hasValue(0.5);
  }

  @Test
  void shouldTakeTheMeanOfPixelsThatAreNotSquareSoThatAreasAreRight() {
    // Given: 0.5 by 0.25 micrometres
    double microns = resolution(20_000, 40_000, 3).micronsPerPixel().getAsDouble();

    // Then
    assertThat(microns * microns).isCloseTo(0.5 * 0.25, within(1e-12));
    assertThat(ome("PhysicalSizeX=\"0.5\" PhysicalSizeY=\"0.4\"").micronsPerPixel().getAsDouble())
        .isCloseTo(Math.sqrt(0.2), within(1e-12));
    assertThat(resolution(20_000, 60_000, 3).micronsPerPixel()).as("three times").isEmpty();
    assertThat(resolution(20_000, 72, 3).micronsPerPixel()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PhysicalSizeX='0.499'",
        "PhysicalSizeX='0.49900000000000005'",
        "PhysicalSizeX='4.99E-1' PhysicalSizeXUnit='\u00B5m'",
        "PhysicalSizeXUnit='\u00B5m' PhysicalSizeX='0.499'",
        "PhysicalSizeX='0.499' PhysicalSizeXUnit='\u03BCm'",
        "PhysicalSizeX='0.499' PhysicalSizeXUnit='&#181;m'",
        "PhysicalSizeX='0.499' PhysicalSizeXUnit='&#xB5;m'",
        "PhysicalSizeX='499' PhysicalSizeXUnit='nm' PhysicalSizeY='0.499'",
        "PhysicalSizeXUnit='mm' PhysicalSizeX='0.000499'",
        "PhysicalSizeX='4.99e-5' PhysicalSizeXUnit='cm'",
        "PhysicalSizeX='4990' PhysicalSizeXUnit='\u00C5'",
      })
  void shouldReadTheResolutionOfOmeXmlHoweverItIsWritten(String attributes) {
    assertThat(ome(attributes).micronsPerPixel().getAsDouble()).isCloseTo(0.499, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PhysicalSizeX='0.1' PhysicalSizeXUnit='mm'",
        "PhysicalSizeXUnit='mm' PhysicalSizeX='0.1'",
        "PhysicalSizeX='1' PhysicalSizeXUnit='pixel'",
        "PhysicalSizeX='1' PhysicalSizeXUnit='reference frame'",
        "PhysicalSizeX='half'",
        "PhysicalSizeX='INF'",
        "PhysicalSizeX='0.5' PhysicalSizeY='5'",
        "PhysicalSizeX='0.5' PhysicalSizeXUnit='&micro;m'",
      })
  void shouldNotKnowWhatOmeXmlDoesNotSay(String attributes) {
    assertThat(ome(attributes).micronsPerPixel()).isEmpty();
  }

  @Test
  void shouldTakeTheResolutionOfTheImageThatIsMeant() {
    // Given: a label of 10 micrometres a pixel before the slide
    String description =
        "<OME><Image><Pixels SizeX=\"40\" SizeY=\"30\" PhysicalSizeX=\"10\"/></Image>"
            + "<Image><Pixels SizeX=\"320\" SizeY=\"256\" PhysicalSizeX=\"0.25\"/></Image></OME>";

    // Then
    assertThat(described(description).micronsPerPixel()).hasValue(0.25);
  }

  @Test
  void shouldReadNoOtherFileForADescription() {
    // Given
    String description =
        "<!DOCTYPE OME [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><OME><Image>"
            + "<Pixels SizeX=\"320\" SizeY=\"256\" PhysicalSizeX=\"&x;\"/></Image></OME>";

    // Then
    assertThat(described(description).micronsPerPixel()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"um", "micron", "\u00B5m", "\\u00B5m", "microns"})
  void shouldReadTheUnitOfImageJ(String unit) {
    // Given: 2 pixels a micrometre, and no unit in TIFF's own field
    TiffTags tags = tags("ImageJ=1.53k\nunit=" + unit + "\n", value(2), value(2), value(1));

    // Then
    assertThat(tags.micronsPerPixel()).hasValue(0.5);
  }

  @Test
  void shouldNotKnowAUnitThatImageJDoesNotSay() {
    assertThat(tags("ImageJ=1.53k\nunit=pixel\n", value(2), value(2), value(1)).micronsPerPixel())
        .isEmpty();
    assertThat(tags("ImageJ=1.53k\nimages=1\n", value(2), value(2), value(1)).micronsPerPixel())
        .isEmpty();
    assertThat(
            tags("ImageJ=1\nunit=um\nyunit=mm\n", value(2), value(2), value(1)).micronsPerPixel())
        .isEmpty();
  }

  @Test
  void shouldNotBelieveTheResolutionOfAScreen() {
    // Given: 72 dots an inch, 353 micrometres a pixel; 0; and no unit
    assertThat(resolution(72, 72, 2).micronsPerPixel()).isEmpty();
    assertThat(resolution(0, 0, 3).micronsPerPixel()).isEmpty();
    assertThat(resolution(20_000, 20_000, 1).micronsPerPixel()).isEmpty();
    assertThat(described("").micronsPerPixel()).isEmpty();
  }

  @Test
  void shouldNameMakerAndModelAsTheScanner() {
    assertThat(made("Hamamatsu", "C12000").scanner()).hasValue("Hamamatsu C12000");
    assertThat(made("x".repeat(1 << 20), "C12000").scanner()).isEmpty();
    assertThat(described("").scanner()).isEmpty();
  }

  private static TiffTags aperio(String attribute) {
    return described("Aperio Image Library v11.2.1 \n320x256 (128x128)|" + attribute + "|Left = 1");
  }

  private static TiffTags ome(String attributes) {
    return described(OME.formatted(attributes.replace('\'', '"')));
  }

  private static TiffTags described(String description) {
    OptionalDouble none = OptionalDouble.empty();
    return tags(description, none, none, none);
  }

  private static TiffTags resolution(double x, double y, int unit) {
    return tags("", value(x), value(y), value(unit));
  }

  private static TiffTags made(String make, String model) {
    OptionalDouble none = OptionalDouble.empty();
    return new TiffTags(320, 256, "", none, none, none, Optional.of(make), Optional.of(model));
  }

  private static TiffTags tags(
      String description, OptionalDouble x, OptionalDouble y, OptionalDouble unit) {
    return new TiffTags(320, 256, description, x, y, unit, Optional.empty(), Optional.empty());
  }

  private static OptionalDouble value(double value) {
    return OptionalDouble.of(value);
  }
}
