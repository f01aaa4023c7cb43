package io.histoflow.results.export;

import io.histoflow.results.slide.Nuclei;
import io.histoflow.results.slide.Nucleus;
import io.histoflow.results.slide.SlideResults;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.zip.GZIPOutputStream;

/**
 * Writes the results of a slide to a file. A file that is there is replaced when the new one is
 * complete; what fails leaves nothing behind.
 *
 * @param format what is written
 * @param outlines how exact outlines are
 * @param asAnnotations whether QuPath shall take outlines as annotations, which people can mend
 */
public record SlideExport(ExportFormat format, Outlines outlines, boolean asAnnotations) {
  private static final int BUFFER = 1 << 16;

  /**
   * Writes.
   *
   * @param slide the results
   * @param target the file; compressed where its name ends in .gz
   * @param progress hears of nuclei
   */
  public ExportSummary write(SlideResults slide, Path target, LongConsumer progress)
      throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path part = folder.resolve(target.getFileName() + ".part");
    try {
      ExportSummary summary =
          format == ExportFormat.MASKS
              ? writeMask(slide, part)
              : writeNuclei(slide, part, isCompressed(target), progress);
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      return summary;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static boolean isCompressed(Path file) {
    return file.getFileName().toString().endsWith(".gz");
  }

  private ExportSummary writeNuclei(
      SlideResults slide, Path part, boolean compressed, LongConsumer progress) throws IOException {
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(part), BUFFER);
        OutputStream out = compressed ? new GZIPOutputStream(file, BUFFER) : file;
        NucleusWriter writer = writer(out, slide)) {
      long[] count = {0};
      long cut =
          Nuclei.forEach(
              slide,
              nucleus -> {
                write(writer, nucleus);
                progress.accept(++count[0]);
              });
      return new ExportSummary(OptionalLong.of(count[0]), cut);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static ExportSummary writeMask(SlideResults slide, Path part) throws IOException {
    try (MaskTiff mask =
        new MaskTiff(part, slide.width(), slide.height(), slide.micronsPerPixel())) {
      slide.forEachRun(mask::add);
      mask.finish();
      return new ExportSummary(OptionalLong.empty(), 0);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private NucleusWriter writer(OutputStream out, SlideResults slide) throws IOException {
    return switch (format) {
      case GEOJSON -> new GeoJsonWriter(out, slide, outlines, asAnnotations);
      case CSV -> new CsvWriter(out, slide);
      case DICOM_ANN -> new DicomAnnotations(out, slide, outlines);
      case MASKS -> throw new IllegalStateException("A mask is not written nucleus by nucleus");
    };
  }

  private static void write(NucleusWriter writer, Nucleus nucleus) {
    try {
      writer.write(nucleus);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
