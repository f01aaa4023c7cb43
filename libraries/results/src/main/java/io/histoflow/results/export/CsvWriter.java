package io.histoflow.results.export;

import io.histoflow.results.slide.Nucleus;
import io.histoflow.results.slide.SlideResults;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Writes nuclei as a table, RFC 4180 in UTF-8: a line each, numbers with a point, a field empty
 * where something is not known. Centres are in level-0 pixels.
 */
public final class CsvWriter implements NucleusWriter {
  private static final String HEAD =
      "id,x,y,areaPixels,areaSquareMicrons,meanEntropyBits,organ,modelId,modelVersion,verdict";
  private static final String END = "\r\n";
  private static final Pattern TO_QUOTE = Pattern.compile("[\",\r\n]");

  /** What a spreadsheet would take for a formula. */
  private static final Pattern FORMULA = Pattern.compile("[=+\\-@\t\r].*", Pattern.DOTALL);

  private final Writer out;
  private final double downsample;
  private final OptionalDouble micronsPerPixel;

  /**
   * Begins a table.
   *
   * @param out closed with this
   * @param slide whose nuclei come
   */
  public CsvWriter(OutputStream out, SlideResults slide) throws IOException {
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    this.downsample = slide.downsample();
    this.micronsPerPixel = slide.micronsPerPixel();
    this.out.write(HEAD + END);
  }

  @Override
  public void write(Nucleus nucleus) throws IOException {
    long pixels = nucleus.pixels().area();
    String microns =
        micronsPerPixel.isPresent()
            ? number(3, pixels * micronsPerPixel.getAsDouble() * micronsPerPixel.getAsDouble())
            : "";
    String entropy =
        nucleus.meanEntropy().isPresent() ? number(4, nucleus.meanEntropy().getAsDouble()) : "";
    out.write(
        String.join(
            ",",
            nucleus.id().toString(),
            number(2, nucleus.pixels().centreX() * downsample),
            number(2, nucleus.pixels().centreY() * downsample),
            number(2, pixels * downsample * downsample),
            microns,
            entropy,
            text(nucleus.organ()),
            text(nucleus.modelId()),
            Long.toString(nucleus.modelVersion()),
            nucleus.verdict()));
    out.write(END);
  }

  private static String number(int decimals, double value) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private static String text(String text) {
    String harmless = FORMULA.matcher(text).matches() ? "'" + text : text;
    return TO_QUOTE.matcher(harmless).find()
        ? '"' + harmless.replace("\"", "\"\"") + '"'
        : harmless;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
