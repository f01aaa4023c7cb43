package io.histoflow.results.drawing;

import io.histoflow.imaging.Mask;
import io.histoflow.results.export.Outlines;
import io.histoflow.results.outlines.PixelSet;
import io.histoflow.results.outlines.PolygonPixels;
import io.histoflow.results.slide.Nuclei;
import io.histoflow.results.slide.Nucleus;
import io.histoflow.results.slide.NucleusIds;
import io.histoflow.results.slide.ResultTile;
import io.histoflow.results.slide.SlideException;
import io.histoflow.results.slide.SlideResults;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.operation.valid.TopologyValidationError;

/**
 * What a file of outlines says about a slide, held against the slide as it is now.
 *
 * <p>An outline with the id of a nucleus stands for that nucleus: where it encloses the same
 * pixels, nothing changes; where others, they take the place of the nucleus' own. An outline
 * without such an id is drawn anew, and its pixels are added. Nuclei that the file does not hold
 * stay, unless it is said to be complete: a file of a few chosen objects must not empty the slide.
 */
public final class Drawing {
  private static final int MOST_REFUSALS = 1_000;
  private static final int BYTES_PER_RUN = 12;

  private final SlideResults slide;
  private final NucleusIds ids;
  private final long largestTile;
  private final List<Refusal> refusals = new ArrayList<>();
  private final Set<UUID> unchanged = new HashSet<>();
  private final Map<UUID, Candidate> candidates = new HashMap<>();
  private final Set<UUID> mended = new HashSet<>();
  private final Set<UUID> refusedIds = new HashSet<>();
  private final Map<ResultTile, Change> changes = new LinkedHashMap<>();
  private final long mostRuns = Runtime.getRuntime().maxMemory() / 8 / BYTES_PER_RUN;
  private long runs;
  private long outlines;
  private long refused;
  private long drawn;
  private long removed;
  private long missing;
  private long mendedCount;

  /** An outline that may have been mended: which, how far simplified, and a hash of its pixels. */
  private record Candidate(DrawnOutline outline, long hash) {}

  /** What changes on a tile. */
  private record Change(List<PixelSet> removed, List<PixelSet> added) {
    Change() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private Drawing(SlideResults slide) {
    this.slide = slide;
    this.ids = slide.ids();
    this.largestTile =
        slide.tiles().stream()
            .mapToLong(tile -> (long) tile.width() * tile.height())
            .max()
            .orElse(0);
  }

  /**
   * Reads a file twice and the slide once; changes nothing.
   *
   * @param slide the slide as it is
   * @param file GeoJSON, see {@link OutlineReader}
   * @param complete whether nuclei that the file does not hold are to be removed
   * @throws DrawingException where the file is none, or changes more than there is memory for
   */
  public static Drawing read(SlideResults slide, Path file, boolean complete)
      throws DrawingException {
    Drawing drawing = new Drawing(slide);
    try {
      drawing.outlines = OutlineReader.read(file, Frame.of(slide), drawing::take);
      Nuclei.forEach(slide, nucleus -> drawing.hold(nucleus, complete));
      drawing.refuseOutdated();
      OutlineReader.read(file, Frame.of(slide), drawing::addMended);
    } catch (SlideException e) {
      throw new DrawingException(e.getMessage(), e);
    }
    return drawing;
  }

  /** First reading: checks an outline, and takes it where it is drawn anew. */
  private void take(DrawnOutline outline) {
    if (outline.fault().isPresent()) {
      outline.uuid().ifPresent(refusedIds::add);
      refuse(outline.refused(outline.fault().get()));
      return;
    }
    Optional<UUID> id = outline.uuid();
    if (id.filter(ids::isOfAnother).isPresent()) {
      refuse(
          outline.refused("it was exported from another slide, or from another scan of this one"));
      return;
    }
    Optional<UUID> own = id.filter(ids::isOurs);
    if (own.filter(known -> unchanged.contains(known) || candidates.containsKey(known))
        .isPresent()) {
      refuse(outline.refused("another outline before it has its id"));
      return;
    }
    Geometry shape = outline.shape().orElseThrow();
    Optional<PixelSet> pixels = PolygonPixels.of(shape);
    if (own.isPresent() && pixels.map(ids::of).equals(own)) {
      unchanged.add(own.get());
      return;
    }
    Optional<String> fault = fault(shape, pixels, own.isPresent());
    if (fault.isPresent()) {
      own.ifPresent(refusedIds::add);
      refuse(outline.refused(fault.get()));
    } else if (own.isPresent()) {
      DrawnOutline light =
          new DrawnOutline(
              outline.number(),
              outline.id(),
              Optional.empty(),
              outline.simplified(),
              Optional.empty());
      candidates.put(own.get(), new Candidate(light, pixels.get().hash()));
    } else {
      drawn++;
      add(pixels.get());
    }
  }

  private Optional<String> fault(Geometry shape, Optional<PixelSet> found, boolean known) {
    TopologyValidationError error = new IsValidOp(shape).getValidationError();
    if (error != null) {
      return Optional.of(
          "it crosses or touches itself near (%.1f, %.1f) (%s)"
              .formatted(
                  error.getCoordinate().x * slide.downsample() - slide.originX(),
                  error.getCoordinate().y * slide.downsample() - slide.originY(),
                  error.getMessage()));
    }
    if (found.isEmpty()) {
      return Optional.of("it is too long to be an outline");
    }
    PixelSet pixels = found.get();
    if (pixels.size() == 0) {
      return Optional.of("it holds no pixel's centre");
    }
    long area = pixels.area();
    if (!known && area > largestTile) {
      return Optional.of(
          "it covers %s pixels, more than a whole tile: a region, no nucleus".formatted(area));
    }
    long placed = placed(pixels);
    if (placed == 0) {
      return Optional.of(
          "it lies on no tile of slide %s that was segmented".formatted(slide.slideId()));
    }
    if (placed < area) {
      return Optional.of(
          "%s of its %s pixels lie on no tile that was segmented".formatted(area - placed, area));
    }
    return Optional.empty();
  }

  /** How many of the pixels lie on tiles. */
  private long placed(PixelSet pixels) {
    List<ResultTile> near = near(pixels);
    long placed = 0;
    for (int i = 0; i < pixels.size(); i++) {
      int row = pixels.row(i);
      int reached = pixels.from(i);
      for (ResultTile tile : near) {
        if (tile.top() <= row && row < tile.bottom()) {
          int from = Math.max(reached, tile.left());
          int to = Math.min(pixels.to(i), tile.right());
          if (from < to) {
            placed += to - from;
            reached = to;
          }
        }
      }
    }
    return placed;
  }

  /** The tiles that pixels may lie on, from the left. */
  private List<ResultTile> near(PixelSet pixels) {
    int left = Integer.MAX_VALUE;
    int right = Integer.MIN_VALUE;
    for (int i = 0; i < pixels.size(); i++) {
      left = Math.min(left, pixels.from(i));
      right = Math.max(right, pixels.to(i));
    }
    return slide.within(left, pixels.row(0), right, pixels.row(pixels.size() - 1) + 1);
  }

  /** Holds a nucleus of the slide against the outline that has its id. */
  private void hold(Nucleus nucleus, boolean complete) {
    UUID id = nucleus.id();
    if (unchanged.contains(id) || refusedIds.contains(id)) {
      return;
    }
    Candidate candidate = candidates.get(id);
    if (candidate == null) {
      if (complete) {
        removed++;
        remove(nucleus.pixels());
      } else {
        missing++;
      }
    } else if (isAsExported(nucleus, candidate)) {
      candidates.remove(id);
      unchanged.add(id);
    } else {
      candidates.remove(id);
      mended.add(id);
      remove(nucleus.pixels());
    }
  }

  private static boolean isAsExported(Nucleus nucleus, Candidate candidate) {
    double tolerance = candidate.outline.simplified();
    return tolerance > 0
        && PolygonPixels.of(new Outlines(tolerance).of(nucleus.pixels())).stream()
            .anyMatch(pixels -> pixels.hash() == candidate.hash);
  }

  private void refuseOutdated() {
    candidates
        .values()
        .forEach(
            candidate ->
                refuse(
                    candidate.outline.refused(
                        "its nucleus was segmented or corrected anew since it was exported:"
                            + " export the slide again")));
  }

  /** Second reading: takes the outlines that take the place of nuclei. */
  private void addMended(DrawnOutline outline) {
    Optional<UUID> id = outline.uuid().filter(mended::contains);
    if (id.isPresent() && outline.shape().isPresent() && mended.remove(id.get())) {
      mendedCount++;
      add(PolygonPixels.of(outline.shape().get()).orElseThrow());
    }
  }

  private void add(PixelSet pixels) {
    keep(pixels);
    near(pixels).forEach(tile -> change(tile).added.add(pixels));
  }

  private void remove(PixelSet pixels) {
    keep(pixels);
    near(pixels).forEach(tile -> change(tile).removed.add(pixels));
  }

  private Change change(ResultTile tile) {
    return changes.computeIfAbsent(tile, t -> new Change());
  }

  private void keep(PixelSet pixels) {
    runs += pixels.size();
    if (runs > mostRuns) {
      throw new SlideException(
          "The file changes more than there is memory for: import it in parts, or set HISTOFLOW_JAVA_OPTS=-Xmx8g for more.");
    }
  }

  private void refuse(Refusal refusal) {
    refused++;
    if (refusals.size() < MOST_REFUSALS) {
      refusals.add(refusal);
    }
  }

  /** Returns the tiles that outlines touch, changed by it or not. */
  public Set<ResultTile> touched() {
    return Set.copyOf(changes.keySet());
  }

  /** Returns the tiles whose masks change, made one at a time. */
  public Iterable<TileEdit> edits() {
    return () ->
        changes.entrySet().stream()
            .map(entry -> edit(entry.getKey(), entry.getValue()))
            .flatMap(Optional::stream)
            .iterator();
  }

  private Optional<TileEdit> edit(ResultTile tile, Change change) {
    Mask before = slide.under(tile);
    byte[] values = before.values().clone();
    change.removed.forEach(pixels -> paint(tile, pixels, values, (byte) 0));
    change.added.forEach(pixels -> paint(tile, pixels, values, (byte) 1));
    Mask after = Mask.of(tile.width(), tile.height(), values);
    return after.equals(before) ? Optional.empty() : Optional.of(new TileEdit(tile, after));
  }

  private static void paint(ResultTile tile, PixelSet pixels, byte[] values, byte value) {
    for (int i = 0; i < pixels.size(); i++) {
      int y = pixels.row(i) - tile.top();
      int from = Math.max(0, pixels.from(i) - tile.left());
      int to = Math.min(tile.width(), pixels.to(i) - tile.left());
      if (y >= 0 && y < tile.height() && from < to) {
        Arrays.fill(values, y * tile.width() + from, y * tile.width() + to, value);
      }
    }
  }

  /** Returns how many outlines the file holds. */
  public long outlines() {
    return outlines;
  }

  /** Returns how many enclose the pixels that they were exported with. */
  public long unchanged() {
    return unchanged.size();
  }

  /** Returns how many take the place of their nuclei. */
  public long mended() {
    return mendedCount;
  }

  /** Returns how many were drawn anew. */
  public long drawn() {
    return drawn;
  }

  /** Returns how many nuclei are removed because the file is complete and does not hold them. */
  public long removed() {
    return removed;
  }

  /** Returns how many nuclei the file does not hold, and which stay. */
  public long missing() {
    return missing;
  }

  /** Returns how many outlines were refused. */
  public long refused() {
    return refused;
  }

  /** Returns the first {@value #MOST_REFUSALS} of them. */
  public List<Refusal> refusals() {
    return List.copyOf(refusals);
  }
}
