package io.histoflow.imaging.tiff;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What OME-XML (schema 2016-06) says of the pixels of one image.
 *
 * @param width in pixels; 0 where it does not say
 * @param height in pixels; 0 where it does not say
 * @param levels focus levels x times
 * @param sizeC channels, of which several may be stored side by side as RGB
 * @param channels what is said of each channel, in their order
 * @param saysPixelSize whether it says how large a pixel is, in any unit
 * @param micronsPerPixelX width of a pixel in micrometres, where it says and the unit is known
 * @param micronsPerPixelY height of a pixel in micrometres, where it says and the unit is known
 */
public record OmePixels(
    int width,
    int height,
    long levels,
    int sizeC,
    List<Channel> channels,
    boolean saysPixelSize,
    OptionalDouble micronsPerPixelX,
    OptionalDouble micronsPerPixelY) {

  /** Micrometres in the units of the schema that a microscope can be measured in. */
  private static final Map<String, Double> MICRONS =
      Map.of(
          "\u00B5m", 1.0, // micro sign, the unit where none is named
          "\u03BCm", 1.0, // Greek mu
          "um", 1.0,
          "nm", 1e-3,
          "pm", 1e-6,
          "\u00C5", 1e-4,
          "mm", 1e3,
          "cm", 1e4,
          "m", 1e6);

  public OmePixels {
    channels = List.copyOf(channels);
  }

  /**
   * One channel.
   *
   * @param name as its writer called it, or empty
   * @param colour 0xRRGGBBAA; empty where it does not say
   */
  public record Channel(String name, Optional<Integer> colour) {}

  /**
   * Reads a description. No document type, no entity beside XML's own and no other file is read.
   *
   * @param description the text of the TIFF's description, cut off or not
   * @return of each image; empty where it is no OME-XML
   */
  public static List<OmePixels> of(String description) {
    if (!description.contains("<OME") && !description.contains("<Pixels")) {
      return List.of();
    }
    List<OmePixels> all = new ArrayList<>();
    try {
      XMLStreamReader xml = factory().createXMLStreamReader(new StringReader(description.strip()));
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("Pixels")) {
          all.add(pixels(xml));
        }
      }
      xml.close();
    } catch (XMLStreamException e) {
      // What was read up to the damage stands.
      return all;
    }
    return all;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    return factory;
  }

  private static OmePixels pixels(XMLStreamReader xml) throws XMLStreamException {
    int width = whole(xml, "SizeX", 0);
    int height = whole(xml, "SizeY", 0);
    long levels = (long) whole(xml, "SizeZ", 1) * whole(xml, "SizeT", 1);
    int sizeC = whole(xml, "SizeC", 1);
    OptionalDouble x = microns(xml, "PhysicalSizeX");
    OptionalDouble y = microns(xml, "PhysicalSizeY");
    boolean says = text(xml, "PhysicalSizeX").isPresent() || text(xml, "PhysicalSizeY").isPresent();
    return new OmePixels(width, height, levels, sizeC, channels(xml), says, x, y);
  }

  private static List<Channel> channels(XMLStreamReader xml) throws XMLStreamException {
    List<Channel> channels = new ArrayList<>();
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("Pixels")) {
        break;
      }
      if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("Channel")) {
        channels.add(new Channel(text(xml, "Name").orElse(""), colour(xml)));
      }
    }
    return channels;
  }

  private static OptionalDouble microns(XMLStreamReader xml, String attribute) {
    Optional<String> value = text(xml, attribute);
    Double unit = MICRONS.get(text(xml, attribute + "Unit").orElse("\u00B5m"));
    if (value.isEmpty() || unit == null) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(value.get()) * unit);
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /** A signed number of 32 bits by the schema; some write it unsigned. */
  private static Optional<Integer> colour(XMLStreamReader xml) {
    try {
      return text(xml, "Color").map(Long::parseLong).map(Long::intValue);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static int whole(XMLStreamReader xml, String attribute, int fallback) {
    try {
      return text(xml, attribute).map(Integer::parseInt).orElse(fallback);
    } catch (NumberFormatException e) {
      return fallback;
    }
  }

  private static Optional<String> text(XMLStreamReader xml, String attribute) {
    return Optional.ofNullable(xml.getAttributeValue(null, attribute)).map(String::strip);
  }
}
