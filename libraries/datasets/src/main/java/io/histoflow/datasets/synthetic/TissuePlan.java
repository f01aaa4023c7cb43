package io.histoflow.datasets.synthetic;

import io.histoflow.datasets.synthetic.OrganStyle.Architecture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Places structures, nuclei and red blood cells over an area and somewhat beyond its edges. */
final class TissuePlan {

  private static final float MARGIN = 40;
  private static final float TWO_PI = (float) (2 * Math.PI);

  /** Nuclei may touch, as in real tissue, but hardly overlap: the mask would join them. */
  private static final float CLOSEST = 0.96f;

  private static final float CELL = 32;

  private final OrganStyle style;
  private final int width;
  private final int height;
  private final SplittableRandom random;
  private final Noise noise;
  private final List<Blob> structures = new ArrayList<>();
  private final List<Nucleus> nuclei = new ArrayList<>();
  private final List<Blob> redCells = new ArrayList<>();
  private final Map<Long, List<Blob>> occupied = new HashMap<>();

  TissuePlan(OrganStyle style, int width, int height, Noise noise, SplittableRandom random) {
    this.style = style;
    this.width = width;
    this.height = height;
    this.noise = noise;
    this.random = random;
    placeStructures();
    placeEpithelium();
    placeStroma();
    placeRedCells();
  }

  /** Glands, nests or air spaces; none where the whole area is one structure. */
  List<Blob> structures() {
    return structures;
  }

  List<Nucleus> nuclei() {
    return nuclei;
  }

  /** Red blood cells: eosin without a nucleus. */
  List<Blob> redCells() {
    return redCells;
  }

  /** Direction of the stroma's fibres at a point, in radians. */
  float fibreAngle(float x, float y) {
    return 3 * noise.at(x / 260f + 7, y / 260f + 11);
  }

  private void placeStructures() {
    float radius = style.spacing().structure();
    float gap =
        switch (style.architecture()) {
          case NESTS -> 2.5f;
          case GLANDS -> style.spacing().structure() < 70 ? 2.04f : 2.25f;
          case ALVEOLI -> 1.95f;
          case SHEET, PLATES, FIBRILLARY -> 0;
        };
    if (gap == 0) {
      return;
    }
    float step = radius * gap;
    int rows = (int) ((height + 4 * radius) / (step * 0.87f)) + 1;
    int columns = (int) ((width + 4 * radius) / step) + 1;
    float shiftX = uniform(-step, 0);
    float shiftY = uniform(-step, 0);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        float jitter = 0.16f * step;
        float x = shiftX - radius + (column + 0.5f * (row & 1)) * step + uniform(-jitter, jitter);
        float y = shiftY - radius + row * step * 0.87f + uniform(-jitter, jitter);
        float size = radius * uniform(0.75f, 1.12f);
        float stretch = uniform(1, 1.45f);
        float irregularity = style.architecture() == Architecture.GLANDS ? 0.12f : 0.22f;
        structures.add(
            new Blob(
                x, y, size * stretch, size / stretch, uniform(0, TWO_PI), irregularity, random));
      }
    }
  }

  private void placeEpithelium() {
    switch (style.architecture()) {
      case SHEET, PLATES, FIBRILLARY -> scatterEpithelium();
      case NESTS -> structures.forEach(this::fillNest);
      case GLANDS -> structures.forEach(this::lineGland);
      case ALVEOLI -> structures.forEach(this::lineAirSpace);
    }
  }

  private void scatterEpithelium() {
    float spacing = style.spacing().nuclei();
    float area = (width + 2 * MARGIN) * (height + 2 * MARGIN);
    int darts = (int) (3 * area / (spacing * spacing)) + 1;
    for (int i = 0; i < darts; i++) {
      float x = uniform(-MARGIN, width + MARGIN);
      float y = uniform(-MARGIN, height + MARGIN);
      boolean loose =
          style.architecture() != Architecture.SHEET || noise.at(x / 180f + 3, y / 180f) > -0.35f;
      if (loose) {
        place(x, y, fibreAngle(x, y) + uniform(-0.5f, 0.5f), style.nuclei(), 0.82f * spacing);
      }
    }
  }

  private void fillNest(Blob nest) {
    float spacing = style.spacing().nuclei();
    int darts = (int) (9 * nest.major * nest.minor / (spacing * spacing)) + 1;
    for (int i = 0; i < darts; i++) {
      float[] at = nest.pointAt(uniform(0, TWO_PI), 0.93f * (float) Math.sqrt(random.nextDouble()));
      place(at[0], at[1], uniform(0, TWO_PI), style.nuclei(), 0.72f * spacing);
    }
  }

  private void lineGland(Blob gland) {
    float lumen = style.spacing().lumen();
    float wall = gland.meanRadius() * (1 - lumen);
    float depth = style.nuclei().elongation() > 1.6f ? 0.36f : 0.45f;
    float ring = 1 - depth * wall / gland.meanRadius();
    ring(gland, ring, 0.05f, style.spacing().nuclei());
    boolean twoLayers = wall > 3.6f * style.nuclei().radius();
    if (twoLayers) {
      ring(
          gland,
          ring - 1.9f * style.nuclei().radius() / gland.meanRadius(),
          0.09f,
          2.6f * style.spacing().nuclei());
    }
  }

  private void lineAirSpace(Blob space) {
    int n = (int) (TWO_PI * space.meanRadius() / style.spacing().nuclei());
    for (int i = 0; i < n; i++) {
      float angle = (i + uniform(-0.4f, 0.4f)) * TWO_PI / n;
      float[] at = space.pointAt(angle, uniform(0.84f, 1.06f));
      float tangent = direction(space, at) + TWO_PI / 4;
      place(at[0], at[1], tangent + uniform(-0.4f, 0.4f), style.nuclei(), 0);
    }
  }

  private void ring(Blob gland, float relativeRadius, float jitter, float spacing) {
    int n = Math.max(5, (int) (TWO_PI * relativeRadius * gland.meanRadius() / spacing));
    float start = uniform(0, TWO_PI);
    for (int i = 0; i < n; i++) {
      float angle = start + (i + uniform(-0.3f, 0.3f)) * TWO_PI / n;
      float[] at = gland.pointAt(angle, relativeRadius + uniform(-jitter, jitter));
      place(at[0], at[1], direction(gland, at) + uniform(-0.25f, 0.25f), style.nuclei(), 0);
    }
  }

  private void placeStroma() {
    float area = (width + 2 * MARGIN) * (height + 2 * MARGIN);
    int darts = (int) (area * style.stroma().cells() * 2.2f) + 1;
    for (int i = 0; i < darts; i++) {
      float x = uniform(-MARGIN, width + MARGIN);
      float y = uniform(-MARGIN, height + MARGIN);
      if (!inStroma(x, y)) {
        continue;
      }
      float crowd = 0.5f + 0.5f * noise.at(x / 120f + 50, y / 120f + 90);
      if (random.nextDouble() < style.stroma().lymphocytes() * 1.6f * crowd) {
        place(x, y, uniform(0, TWO_PI), NucleusStyle.LYMPHOCYTE, 0);
      } else {
        float angle = fibreAngle(x, y) + uniform(-0.3f, 0.3f);
        place(x, y, angle, NucleusStyle.FIBROBLAST, 0);
      }
    }
  }

  private boolean inStroma(float x, float y) {
    if (style.architecture() == Architecture.SHEET) {
      return noise.at(x / 180f + 3, y / 180f) <= -0.35f;
    }
    for (Blob structure : structures) {
      if (structure.radiusAt(x, y) < 1.04f) {
        return false;
      }
    }
    return true;
  }

  private void placeRedCells() {
    int clusters = (int) (width * (double) height * random.nextDouble() / 45_000 + 0.5);
    for (int i = 0; i < clusters; i++) {
      float x = uniform(0, width);
      float y = uniform(0, height);
      int cells = 1 + random.nextInt(6);
      for (int c = 0; c < cells; c++) {
        float cx = x + uniform(-38, 38);
        float cy = y + uniform(-38, 38);
        Blob cell =
            new Blob(cx, cy, uniform(11, 14), uniform(9, 12), uniform(0, TWO_PI), 0.05f, random);
        if (isFree(cell, 0)) {
          occupy(cell);
          redCells.add(cell);
        }
      }
    }
  }

  private void place(float x, float y, float angle, NucleusStyle kind, float leastDistance) {
    float radius = kind.radius() * Math.max(0.6f, 1 + kind.spread() * gauss());
    float stretch = (float) Math.sqrt(Math.max(1, kind.elongation() * (1 + 0.15f * gauss())));
    Blob outline =
        new Blob(x, y, radius * stretch, radius / stretch, angle, kind.irregularity(), random);
    long seed = random.nextLong();
    float density = kind.density() * Math.max(0.55f, 1 + 0.16f * gauss());
    if (isFree(outline, leastDistance)) {
      occupy(outline);
      nuclei.add(new Nucleus(outline, kind, density, seed));
    }
  }

  private boolean isFree(Blob blob, float leastDistance) {
    int cx = (int) Math.floor(blob.x / CELL);
    int cy = (int) Math.floor(blob.y / CELL);
    for (int y = cy - 2; y <= cy + 2; y++) {
      for (int x = cx - 2; x <= cx + 2; x++) {
        for (Blob other : occupied.getOrDefault(key(x, y), List.of())) {
          float dx = blob.x - other.x;
          float dy = blob.y - other.y;
          float distance = (float) Math.sqrt(dx * dx + dy * dy);
          float needed =
              Math.max(leastDistance, CLOSEST * (extent(blob, dx, dy) + extent(other, dx, dy)));
          if (distance < needed) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Half the length of a blob in a direction, in pixels. */
  private static float extent(Blob blob, float dx, float dy) {
    float length = (float) Math.sqrt(dx * dx + dy * dy);
    if (length < 1) {
      return blob.meanRadius();
    }
    return 1 / blob.radiusAt(blob.x + dx / length, blob.y + dy / length);
  }

  private void occupy(Blob blob) {
    long key = key((int) Math.floor(blob.x / CELL), (int) Math.floor(blob.y / CELL));
    occupied.computeIfAbsent(key, k -> new ArrayList<>()).add(blob);
  }

  private static long key(int x, int y) {
    return ((long) x << 32) | (y & 0xFFFFFFFFL);
  }

  private static float direction(Blob from, float[] to) {
    return (float) Math.atan2(to[1] - from.y, to[0] - from.x);
  }

  private float uniform(float low, float high) {
    return low + (high - low) * (float) random.nextDouble();
  }

  /** Close to a normal deviate (Irwin-Hall with twelve terms), the same on every platform. */
  private float gauss() {
    float sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += (float) random.nextDouble();
    }
    return sum;
  }
}
