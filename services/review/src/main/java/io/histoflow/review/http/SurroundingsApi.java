package io.histoflow.review.http;

import io.histoflow.review.overview.Overview;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.tile.SlideTiles;
import io.histoflow.review.tile.Surroundings;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.TilePlace;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileSegmented;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The slide around a tile that has an open alert: its neighbours, and what a small map shows. */
final class SurroundingsApi {
  /** Under which part of an alert its surroundings are. */
  static final String SURROUNDINGS = "/surroundings";

  private static final String PATH = "/api/alerts/{tileId}" + SURROUNDINGS;

  private final AlertQueue queue;
  private final SlideTiles slideTiles;
  private final TilePictures pictures;
  private final Overview overview;

  SurroundingsApi(
      AlertQueue queue, SlideTiles slideTiles, TilePictures pictures, Overview overview) {
    this.queue = queue;
    this.slideTiles = slideTiles;
    this.pictures = pictures;
    this.overview = overview;
  }

  void addTo(RoutesConfig routes) {
    routes.get(PATH, this::show);
    routes.get(PATH + "/{x}/{y}", this::neighbour);
  }

  private void show(Context ctx) throws RefusedException {
    Alert alert = queue.get(ctx.pathParam("tileId"));
    Surroundings around = slideTiles.around(alert);
    String slideId = alert.segmentation().getSlideId();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tileId", alert.tileId());
    json.put("slideId", slideId);
    json.put("downsample", around.downsample());
    json.put("slide", overview.manifest(slideId).flatMap(SurroundingsApi::size).orElse(null));
    json.put("isWhole", around.isWhole());
    json.put(
        "neighbours",
        neighbours(alert, around).stream().map(place -> neighbour(alert, place)).toList());
    json.put("tiles", around.tiles().stream().map(SurroundingsApi::onMap).toList());
    ctx.json(json);
  }

  private void neighbour(Context ctx) throws RefusedException {
    Alert alert = queue.get(ctx.pathParam("tileId"));
    String x = ctx.pathParam("x");
    String y = ctx.pathParam("y");
    TilePlace place =
        neighbours(alert, slideTiles.around(alert)).stream()
            .filter(tile -> x.equals("" + tile.x()) && y.equals("" + tile.y()))
            .findAny()
            .orElseThrow(
                () ->
                    new ApiException(
                        HttpStatus.NOT_FOUND,
                        "No neighbour of tile " + alert.tileId() + " is known to lie there."));
    ctx.contentType("image/png").result(pictures.neighbour(place));
  }

  private static List<TilePlace> neighbours(Alert alert, Surroundings around) {
    TileSegmented tile = alert.segmentation();
    return around.neighbours(tile.getX(), tile.getY(), tile.getWidth(), tile.getHeight());
  }

  private static Map<String, Object> neighbour(Alert alert, TilePlace place) {
    String id = URLEncoder.encode(alert.tileId(), StandardCharsets.UTF_8).replace("+", "%20");
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tileId", place.tileId());
    json.put("x", place.x());
    json.put("y", place.y());
    json.put("width", place.width());
    json.put("height", place.height());
    json.put("image", "/api/alerts/" + id + SURROUNDINGS + "/" + place.x() + "/" + place.y());
    return json;
  }

  /** Few bytes for each: there may be hundreds. */
  private static List<Object> onMap(TilePlace place) {
    return List.of(
        place.x(),
        place.y(),
        place.width(),
        place.height(),
        Math.round(place.positiveFraction() * 1e4) / 1e4);
  }

  /** A slide's size in level-0 pixels; empty where its manifest does not give it. */
  static Optional<Map<String, Integer>> size(SlideScanned manifest) {
    return manifest.getWidth() == null || manifest.getHeight() == null
        ? Optional.empty()
        : Optional.of(Map.of("width", manifest.getWidth(), "height", manifest.getHeight()));
  }
}
