package io.histoflow.review.http;

import io.histoflow.review.overview.Overview;
import io.histoflow.review.queue.AlertFilter;
import io.histoflow.review.queue.AlertPage;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.tile.SlideMosaic;
import io.histoflow.review.tile.SlideTiles;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.TilePlace;
import io.histoflow.schemas.RecordFields;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** A slide that was reported: its report, and where its tiles lie with what was found on each. */
final class MosaicApi {
  /** Under which addresses slides are. */
  static final String PATH = "/api/slides/";

  private static final int MOST_OPEN = 5_000;

  private final Overview overview;
  private final SlideTiles slideTiles;
  private final TilePictures pictures;
  private final AlertQueue queue;

  MosaicApi(Overview overview, SlideTiles slideTiles, TilePictures pictures, AlertQueue queue) {
    this.overview = overview;
    this.slideTiles = slideTiles;
    this.pictures = pictures;
    this.queue = queue;
  }

  void addTo(RoutesConfig routes) {
    routes.get(PATH + "{slideId}", ctx -> ctx.json(report(slide(ctx))));
    routes.get(PATH + "{slideId}/tiles", this::tiles);
    routes.get(
        PATH + "{slideId}/tiles/{x}/{y}",
        ctx -> ctx.contentType("image/png").result(pictures.thumbnail(tile(ctx))));
  }

  private void tiles(Context ctx) throws RefusedException {
    SlideReport slide = slide(ctx);
    SlideMosaic mosaic = slideTiles.ofSlide(slide);
    AlertPage open =
        queue.page(AlertFilter.ofSlide(slide.getSlideId()), Optional.empty(), MOST_OPEN);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("slideId", slide.getSlideId());
    json.put(
        "slide", overview.manifest(slide.getSlideId()).flatMap(SurroundingsApi::size).orElse(null));
    json.put(
        "micronsPerPixel",
        overview.manifest(slide.getSlideId()).map(SlideScanned::getMicronsPerPixel).orElse(null));
    json.put("isWhole", mosaic.isWhole());
    json.put("tiles", mosaic.tiles().stream().map(MosaicApi::onMosaic).toList());
    json.put(
        "open",
        open.alerts().stream()
            .map(
                alert ->
                    List.of(
                        alert.segmentation().getX(), alert.segmentation().getY(), alert.tileId()))
            .toList());
    ctx.json(json);
  }

  private TilePlace tile(Context ctx) throws RefusedException {
    return slideTiles
        .ofSlide(slide(ctx))
        .at(ctx.pathParam("x"), ctx.pathParam("y"))
        .orElseThrow(
            () ->
                new ApiException(
                    HttpStatus.NOT_FOUND, "No tile of this slide is known to lie there."));
  }

  private SlideReport slide(Context ctx) {
    return overview
        .slide(ctx.pathParam("slideId"))
        .orElseThrow(
            () ->
                new ApiException(
                    HttpStatus.NOT_FOUND,
                    "There is no report of slide %s among the %s newest: a slide is reported while its tiles come in."
                        .formatted(ctx.pathParam("slideId"), Overview.MOST_SLIDES)));
  }

  private static Map<String, Object> report(SlideReport slide) {
    return RecordFields.of(
        slide,
        slide.getSchema().getFields().stream().map(Schema.Field::name).toArray(String[]::new));
  }

  /** Few bytes for each: there may be thousands. In pixels of level 0. */
  private static List<Object> onMosaic(TilePlace place) {
    return List.of(
        place.x(),
        place.y(),
        Math.round(place.width() * place.downsample()),
        Math.round(place.height() * place.downsample()),
        Math.round(place.positiveFraction() * 1e4) / 1e4,
        Math.round(place.meanEntropy() * 1e4) / 1e4);
  }
}
