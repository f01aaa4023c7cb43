package io.histoflow.review.http;

import io.histoflow.results.drawing.Drawing;
import io.histoflow.results.drawing.DrawingException;
import io.histoflow.results.export.ExportFormat;
import io.histoflow.results.export.Outlines;
import io.histoflow.results.export.SlideExport;
import io.histoflow.results.slide.SlideResults;
import io.histoflow.results.slide.SlideResultsReader;
import io.histoflow.review.audit.AuditTrail;
import io.histoflow.review.outlines.DrawnDesk;
import io.histoflow.review.outlines.DrawnSummary;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * A slide's results for other tools, and outlines from them back as corrections. What is sent is
 * written to the temporary folder first, so that whatever goes wrong is told by a status and a
 * sentence; of a slide's tiles and outlines few are in memory.
 */
final class SlidesApi {
  /** What the paths of these calls begin with. */
  static final String PATH = "/api/slides/";

  /** Under which part of a slide outlines are sent. */
  static final String CORRECTIONS = "/corrections";

  /** Longest body of outlines: some 35,000 exact ones, or 200,000 compressed. */
  static final int MAX_OUTLINES_BYTES = 32 << 20;

  /** A slide may take a quarter of the heap: half of it is left to the others. */
  private static final int AT_A_TIME = 2;

  private static final String FILE = "outlines";
  private static final Map<ExportFormat, String> TYPES =
      Map.of(
          ExportFormat.GEOJSON, "application/geo+json",
          ExportFormat.CSV, "text/csv",
          ExportFormat.MASKS, "image/tiff",
          ExportFormat.DICOM_ANN, "application/dicom");

  private final SlideResultsReader slides;
  private final DrawnDesk drawn;
  private final AlertQueue queue;
  private final AuditTrail trail;
  private final Reviewers reviewers;
  private final Semaphore turns = new Semaphore(AT_A_TIME);

  SlidesApi(
      SlideResultsReader slides,
      DrawnDesk drawn,
      AlertQueue queue,
      AuditTrail trail,
      Reviewers reviewers) {
    this.slides = slides;
    this.drawn = drawn;
    this.queue = queue;
    this.trail = trail;
    this.reviewers = reviewers;
  }

  void addTo(RoutesConfig routes) {
    routes.get(PATH + "{slideId}/export", this::export);
    routes.post(PATH + "{slideId}" + CORRECTIONS, this::correct);
  }

  private void export(Context ctx) throws RefusedException, IOException {
    SlideExport export = asked(ctx);
    String slideId = ctx.pathParam("slideId");
    inTurn(
        folder -> {
          Path file = folder.resolve(FILE);
          try (SlideResults slide = slides.read(slideId)) {
            write(export, slide, file);
            slide.missing().ifPresent(tiles -> ctx.header("Histoflow-Tiles-Missing", "" + tiles));
          }
          reviewers
              .user(ctx)
              .ifPresent(user -> trail.exported(user, slideId, export.format().toString()));
          ctx.contentType(TYPES.get(export.format()));
          ctx.header(
              Header.CONTENT_DISPOSITION,
              "attachment; filename=\"" + fileName(slideId) + export.format().ending() + "\"");
          try (InputStream in = Files.newInputStream(file)) {
            in.transferTo(ctx.outputStream());
          }
        });
  }

  private static void write(SlideExport export, SlideResults slide, Path file)
      throws RefusedException {
    try {
      var unused = export.write(slide, file, nuclei -> {});
    } catch (IOException e) {
      throw new RefusedException(
          Reason.BUSY,
          "The export cannot be written to the service's temporary folder (%s): make room there."
              .formatted(e.getMessage()),
          e);
    }
  }

  private static SlideExport asked(Context ctx) {
    String name = Optional.ofNullable(ctx.queryParam("format")).orElse("geojson");
    ExportFormat format =
        Arrays.stream(ExportFormat.values())
            .filter(known -> known.toString().equals(name.toLowerCase(Locale.ROOT)))
            .findAny()
            .orElseThrow(
                () ->
                    new ApiException(
                        HttpStatus.BAD_REQUEST,
                        "The format must be one of %s."
                            .formatted(
                                Arrays.stream(ExportFormat.values())
                                    .map(ExportFormat::toString)
                                    .collect(Collectors.joining(", ")))));
    boolean annotations = flag(ctx, "annotations");
    String simplify = ctx.queryParam("simplify");
    boolean outlined = format == ExportFormat.GEOJSON || format == ExportFormat.DICOM_ANN;
    if ((annotations && format != ExportFormat.GEOJSON) || (simplify != null && !outlined)) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST,
          "annotations goes with the format geojson only, simplify with geojson and dicom-ann.");
    }
    try {
      return new SlideExport(
          format, new Outlines(simplify == null ? 0 : Double.parseDouble(simplify)), annotations);
    } catch (NumberFormatException e) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST, "simplify must be a number of pixels, such as 0.75.");
    } catch (IllegalArgumentException e) {
      throw new ApiException(HttpStatus.BAD_REQUEST, e.getMessage() + ": change simplify.");
    }
  }

  private void correct(Context ctx) throws RefusedException, IOException {
    boolean complete = flag(ctx, "complete");
    boolean dryRun = flag(ctx, "dryRun");
    String stated = ctx.queryParam("reviewer");
    String reviewer =
        reviewers.decider(
            ctx, stated == null ? Optional.empty() : Optional.of(DrawnDesk.reviewer(stated)));
    if (queue.hasLeftOut() && !dryRun) {
      throw new RefusedException(
          Reason.BUSY,
          "More alerts are open than the service holds, so that it cannot tell which tiles are in"
              + " review: use 'histoflow correct', or raise histoflow.review.queue.capacity.");
    }
    inTurn(
        folder -> {
          Path file = folder.resolve(FILE);
          Files.copy(ctx.bodyInputStream(), file);
          String slideId = ctx.pathParam("slideId");
          try (SlideResults slide = slides.read(slideId)) {
            Drawing drawing = Drawing.read(slide, file, complete);
            DrawnSummary summary =
                dryRun
                    ? DrawnSummary.ofDryRun(drawing)
                    : drawn.publish(drawing, reviewer, tiles -> {});
            ctx.json(summary.toJson(slideId, drawing));
          } catch (DrawingException e) {
            throw new RefusedException(
                Reason.INVALID,
                e.getMessage().replace(file.toString(), "The body of the request"),
                e);
          }
        });
  }

  /** A piece of work that has its turn, and a folder that is deleted behind it. */
  private interface Work {
    void in(Path folder) throws RefusedException, IOException;
  }

  private void inTurn(Work work) throws RefusedException, IOException {
    if (!turns.tryAcquire()) {
      throw new RefusedException(
          Reason.BUSY, "Others export or correct slides at this moment: try again in a minute.");
    }
    try {
      Path folder = Files.createTempDirectory("histoflow-slide-");
      try {
        work.in(folder);
      } finally {
        Files.deleteIfExists(folder.resolve(FILE));
        Files.deleteIfExists(folder);
      }
    } finally {
      turns.release();
    }
  }

  private static boolean flag(Context ctx, String name) {
    String text = Optional.ofNullable(ctx.queryParam(name)).orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      throw new ApiException(HttpStatus.BAD_REQUEST, name + " must be true or false.");
    }
    return text.equals("true");
  }

  /** The id without what a file's name may not have on some system, or a header. */
  private static String fileName(String slideId) {
    return slideId.replaceAll("[^A-Za-z0-9._-]", "_");
  }
}
