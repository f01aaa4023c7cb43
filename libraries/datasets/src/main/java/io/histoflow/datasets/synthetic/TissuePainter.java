package io.histoflow.datasets.synthetic;

import io.histoflow.datasets.synthetic.OrganStyle.Architecture;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import java.util.SplittableRandom;

/** Paints a plan as densities of the two stains, and the nuclei's outlines as the mask. */
final class TissuePainter {

  private static final float CYTOPLASM_REACH = 1.75f;

  private final OrganStyle style;
  private final TissuePlan plan;
  private final Noise noise;
  private final int width;
  private final int height;
  private final float[] haematoxylin;
  private final float[] eosin;
  private final float[] blood;
  private final byte[] mask;

  TissuePainter(OrganStyle style, TissuePlan plan, Noise noise, int width, int height) {
    this.style = style;
    this.plan = plan;
    this.noise = noise;
    this.width = width;
    this.height = height;
    int pixels = Math.multiplyExact(width, height);
    this.haematoxylin = new float[pixels];
    this.eosin = new float[pixels];
    this.blood = new float[pixels];
    this.mask = new byte[pixels];
    paintGround();
    plan.structures().forEach(this::paintStructure);
    plan.nuclei().forEach(this::paintCytoplasm);
    plan.redCells().forEach(this::paintRedCell);
    plan.nuclei().forEach(this::paintNucleus);
  }

  /** The picture that a microscope would give of the painted densities. */
  RgbImage image(StainMix stain, SplittableRandom random) {
    return stain.develop(width, height, blur(haematoxylin), blur(eosin), blur(blood), random);
  }

  /** The nuclei: a pixel is positive when its centre lies inside an outline. */
  Mask mask() {
    return Mask.of(width, height, mask);
  }

  private void paintGround() {
    boolean fibrous = style.architecture() != Architecture.FIBRILLARY;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        float patches = noise.at(x / 150f + 90, y / 150f + 40);
        switch (style.architecture()) {
          case SHEET -> {
            boolean sheet = noise.at(x / 180f + 3, y / 180f) > -0.35f;
            if (sheet) {
              epithelium(i, x, y, 1);
            } else {
              stroma(i, x, y, patches, fibrous);
            }
          }
          case PLATES -> plates(i, x, y);
          case ALVEOLI -> epithelium(i, x, y, 1);
          case NESTS, GLANDS, FIBRILLARY -> stroma(i, x, y, patches, fibrous);
        }
      }
    }
  }

  private void stroma(int i, int x, int y, float patches, boolean fibrous) {
    float fibres;
    if (fibrous) {
      float angle = plan.fibreAngle(x, y);
      float c = (float) Math.cos(angle);
      float s = (float) Math.sin(angle);
      fibres = noise.rough((c * x + s * y) / 42, (c * y - s * x) / 5.5f);
    } else {
      fibres = 0.6f * noise.rough(x / 4.5f, y / 4.5f) + 0.6f * noise.rough(x / 13f, y / 13f);
    }
    float strength = style.stroma().fibres();
    float base = 0.62f + 0.22f * patches;
    eosin[i] = Math.max(0.02f, base + strength * 0.62f * fibres);
    float gaps = noise.rough(x / 24f + 200, y / 24f + 100) + 0.5f * fibres;
    if (gaps > 0.52f) {
      eosin[i] *= Math.max(0.08f, 1 - 5 * (gaps - 0.52f));
    }
    haematoxylin[i] = Math.max(0, 0.07f + 0.05f * fibres + 0.04f * patches);
  }

  private void epithelium(int i, int x, int y, float cover) {
    float grain = noise.rough(x / 5f + 60, y / 5f + 10);
    float cloud = noise.at(x / 34f + 5, y / 34f + 71);
    float e = style.stain().eosin() * (1 + 0.34f * grain + 0.40f * cloud);
    float h = style.stain().haematoxylin() * (1 + 0.45f * grain + 0.55f * cloud);
    eosin[i] = mix(eosin[i], e, cover);
    haematoxylin[i] = mix(haematoxylin[i], h, cover);
  }

  private void plates(int i, int x, int y) {
    epithelium(i, x, y, 1);
    float ridge = Math.abs(noise.rough(x / 62f + 13, y / 62f + 29));
    float channel = clamp(1.3f - ridge / 0.045f);
    eosin[i] *= 1 - 0.88f * channel;
    haematoxylin[i] *= 1 - 0.8f * channel;
    float vacuole = noise.at(x / 9f + 120, y / 9f + 44);
    if (vacuole > 0.62f) {
      eosin[i] *= 0.55f;
    }
  }

  private void paintStructure(Blob structure) {
    float lumen = style.spacing().lumen();
    boolean air = style.architecture() == Architecture.ALVEOLI;
    float radius = structure.meanRadius();
    float edge = 2f / radius;
    each(
        structure,
        1.1f,
        (i, x, y, r) -> {
          if (r > 1 + edge) {
            return;
          }
          if (!air) {
            epithelium(i, x, y, clamp((1 - r) / edge + 0.5f));
          }
          if (lumen > 0) {
            float ragged = lumen * (1 + 0.16f * noise.rough(x / 11f + 33, y / 11f + 77));
            float open = clamp((ragged - r) / (1.6f * edge) + 0.5f);
            float debris = 0.05f + 0.05f * noise.rough(x / 15f + 400, y / 15f);
            eosin[i] = mix(eosin[i], Math.max(0, debris), open);
            haematoxylin[i] = mix(haematoxylin[i], Math.max(0, debris * 0.4f), open);
          }
        });
  }

  private void paintCytoplasm(Nucleus nucleus) {
    if (style.architecture() == Architecture.FIBRILLARY) {
      each(
          nucleus.outline(),
          1.5f,
          (i, x, y, r) -> {
            float halo = 0.6f * clamp((1.5f - r) / 0.3f);
            eosin[i] *= 1 - halo;
            haematoxylin[i] *= 1 - halo;
          });
      return;
    }
    boolean own = nucleus.style().equals(style.nuclei());
    float e = own ? style.stain().eosin() * 0.25f : 0.08f;
    float h = own ? style.stain().haematoxylin() * 0.5f : 0.08f;
    each(
        nucleus.outline(),
        CYTOPLASM_REACH,
        (i, x, y, r) -> {
          float near = clamp((CYTOPLASM_REACH - r) / 0.8f);
          eosin[i] += e * near * 0.5f;
          haematoxylin[i] += h * near * 0.5f;
        });
  }

  private void paintRedCell(Blob cell) {
    each(
        cell,
        1.2f,
        (i, x, y, r) -> {
          float cover = clamp((1 - r) * cell.meanRadius() / 1.6f + 0.5f);
          float dimple = 0.8f + 0.2f * Math.min(1, r * r);
          blood[i] = mix(blood[i], 0.85f * dimple, cover);
          eosin[i] = mix(eosin[i], 0.15f, cover);
          haematoxylin[i] = mix(haematoxylin[i], 0.02f, cover);
        });
  }

  private void paintNucleus(Nucleus nucleus) {
    Blob outline = nucleus.outline();
    NucleusStyle kind = nucleus.style();
    SplittableRandom random = new SplittableRandom(nucleus.seed());
    float radius = outline.meanRadius();
    float softness = (1.3f + 0.9f * (float) random.nextDouble()) / radius;
    float fade = 0.75f + 0.25f * (float) random.nextDouble();
    float dx = 1000 * (float) random.nextDouble();
    Blob nucleolus = nucleolus(outline, kind, random);
    each(
        outline,
        1.25f,
        (i, x, y, r) -> {
          float cover = clamp((1 - r) / softness + 0.5f);
          if (r <= 1) {
            mask[i] = 1;
          }
          if (cover <= 0) {
            return;
          }
          float rim = Math.min(1, r * r * r);
          float body = 1 - kind.vesicular() * 0.62f * (1 - rim);
          float clumps =
              noise.rough(x / 5f + dx, y / 5f) + 0.5f * noise.at(x / 2.6f, y / 2.6f + dx);
          float h = nucleus.density() * fade * body * (1 + kind.chromatin() * 0.85f * clumps);
          float e = 0.16f + 0.06f * clumps;
          if (nucleolus != null) {
            float dot = clamp((1 - nucleolus.radiusAt(x, y)) * 2.2f);
            h += dot * 0.55f * nucleus.density();
            e += dot * 0.30f;
          }
          haematoxylin[i] = mix(haematoxylin[i], Math.max(0.25f, h), cover);
          eosin[i] = mix(eosin[i], Math.max(0, e), cover);
          blood[i] *= 1 - cover;
        });
  }

  private static Blob nucleolus(Blob nucleus, NucleusStyle kind, SplittableRandom random) {
    if (random.nextDouble() >= kind.nucleoli()) {
      return null;
    }
    float[] at =
        nucleus.pointAt(
            (float) (2 * Math.PI * random.nextDouble()), 0.4f * (float) random.nextDouble());
    float size = nucleus.meanRadius() * (0.17f + 0.1f * (float) random.nextDouble());
    return new Blob(at[0], at[1], size, size, 0, 0.1f, random);
  }

  /** Visits the pixels around a blob whose centres lie within a multiple of its outline. */
  private void each(Blob blob, float reach, Brush brush) {
    float extent = blob.reach() * reach + 2;
    int left = Math.max(0, (int) (blob.x - extent));
    int right = Math.min(width - 1, (int) (blob.x + extent) + 1);
    int top = Math.max(0, (int) (blob.y - extent));
    int bottom = Math.min(height - 1, (int) (blob.y + extent) + 1);
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        float r = blob.radiusAt(x + 0.5f, y + 0.5f);
        if (r < reach) {
          brush.paint(y * width + x, x, y, r);
        }
      }
    }
  }

  /** The microscope's point spread: a 3 x 3 binomial filter. */
  private float[] blur(float[] values) {
    float[] rows = new float[values.length];
    for (int y = 0; y < height; y++) {
      int row = y * width;
      for (int x = 0; x < width; x++) {
        float left = values[row + Math.max(0, x - 1)];
        float right = values[row + Math.min(width - 1, x + 1)];
        rows[row + x] = 0.25f * (left + right) + 0.5f * values[row + x];
      }
    }
    float[] result = new float[values.length];
    for (int y = 0; y < height; y++) {
      int row = y * width;
      int above = Math.max(0, y - 1) * width;
      int below = Math.min(height - 1, y + 1) * width;
      for (int x = 0; x < width; x++) {
        result[row + x] = 0.25f * (rows[above + x] + rows[below + x]) + 0.5f * rows[row + x];
      }
    }
    return result;
  }

  private static float mix(float from, float to, float share) {
    return from + share * (to - from);
  }

  private static float clamp(float value) {
    return Math.max(0, Math.min(1, value));
  }

  private interface Brush {
    void paint(int index, int x, int y, float relativeRadius);
  }
}
