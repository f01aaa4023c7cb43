package io.histoflow.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.imaging.colour.DensityChannel;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.InputTensor;
import io.histoflow.training.augmentation.Augmentation;
import io.histoflow.training.augmentation.AugmentationSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A batch of augmented crops on the Java heap, on its way to the device. */
final class TrainingBatch {

  /** Where a tile's densest pixels lie above its light, in the tensor's units. */
  private static final float FULL = 2 * DensityChannel.FULL / 255f;

  private final int size;
  private final int count;
  private final ByteBuffer pixels;
  private final ByteBuffer masks;
  private final ByteBuffer edges;
  private final ByteBuffer certain;
  private boolean allCertain = true;
  private final List<Integer> organs = new ArrayList<>();
  private final boolean contrasted;
  private final float[] gains;
  private final float[] powers;
  private final List<Integer> rehearsed = new ArrayList<>();

  private TrainingBatch(int count, int size, boolean contrasted) {
    this.size = size;
    this.count = count;
    this.contrasted = contrasted;
    gains = new float[count];
    powers = new float[count];
    pixels = ByteBuffer.allocateDirect(3 * count * size * size);
    masks = ByteBuffer.allocateDirect(count * size * size);
    edges = ByteBuffer.allocateDirect(count * size * size);
    certain = ByteBuffer.allocateDirect(count * size * size);
  }

  /**
   * Draws one crop of each tile.
   *
   * @param organDropout probability with which a crop's organ is taken as unknown
   */
  static TrainingBatch draw(
      List<LabelledTile> tiles,
      Architecture config,
      int size,
      AugmentationSettings augmentation,
      double organDropout,
      SplittableRandom random) {
    TrainingBatch batch = new TrainingBatch(tiles.size(), size, augmentation.contrast() > 1);
    Augmentation augmented = new Augmentation(augmentation, size);
    byte[] rgb = new byte[3 * size * size];
    byte[] mask = new byte[size * size];
    for (LabelledTile tile : tiles) {
      augmented.draw(tile, random, rgb, mask);
      batch.pixels.put(rgb);
      batch.edges.put(edges(mask, size));
      batch.putMask(mask);
      int crop = batch.organs.size();
      if (batch.contrasted) {
        batch.gains[crop] = factor(augmentation.contrast(), random);
        batch.powers[crop] = factor(Math.sqrt(augmentation.contrast()), random);
      }
      boolean dropped = random.nextDouble() < organDropout;
      batch.organs.add(dropped ? 0 : config.indexOf(tile.organ()));
    }
    batch.pixels.rewind();
    batch.masks.rewind();
    batch.edges.rewind();
    batch.certain.rewind();
    return batch;
  }

  private void putMask(byte[] mask) {
    for (byte value : mask) {
      boolean known = value != Augmentation.UNCERTAIN;
      masks.put(known ? value : 0);
      certain.put((byte) (known ? 1 : 0));
      allCertain &= known;
    }
  }

  /**
   * Returns which pixels have a neighbour above, below, left or right of the other class; what is
   * uncertain is of none.
   */
  static byte[] edges(byte[] mask, int size) {
    byte[] edges = new byte[mask.length];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int at = y * size + x;
        boolean edge =
            (x > 0 && differ(mask[at - 1], mask[at]))
                || (x < size - 1 && differ(mask[at + 1], mask[at]))
                || (y > 0 && differ(mask[at - size], mask[at]))
                || (y < size - 1 && differ(mask[at + size], mask[at]));
        edges[at] = (byte) (edge ? 1 : 0);
      }
    }
    return edges;
  }

  /** Tells whether one is 0 and the other 1. */
  private static boolean differ(byte one, byte other) {
    return (one ^ other) == 1;
  }

  /** Returns the rows under which the crops are rehearsed, one per crop. */
  List<Integer> rehearsed() {
    return rehearsed;
  }

  /** Draws for each crop one of the organs to be rehearsed. */
  TrainingBatch rehearsing(List<Integer> rows, SplittableRandom random) {
    for (int i = 0; i < count; i++) {
      rehearsed.add(rows.get(random.nextInt(rows.size())));
    }
    return this;
  }

  /** Returns the images, (N, C, H, W). */
  NDArray images(NDManager manager, Architecture config) {
    InputColour colour = config.inputColour();
    NDArray images = InputTensor.image(manager, colour, pixels, count, size, size);
    return contrasted && colour.channels() == 1 ? contrasted(manager, images) : images;
  }

  /** Stretches and bends densities; the input's light, -1, stays what it is. */
  private NDArray contrasted(NDManager manager, NDArray images) {
    Shape perCrop = new Shape(count, 1, 1, 1);
    NDArray densities = images.add(1f).div(FULL);
    return densities
        .pow(manager.create(powers, perCrop))
        .mul(manager.create(gains, perCrop))
        .mul(FULL)
        .minimum(2f)
        .sub(1f);
  }

  /**
   * Draws a factor between the reciprocal of the greatest and the greatest, evenly by its
   * logarithm.
   */
  private static float factor(double greatest, SplittableRandom random) {
    return (float) Math.pow(greatest, 2 * random.nextDouble() - 1);
  }

  /** Returns the crops' own organs, one-hot rows (N, organs). */
  NDArray organs(NDManager manager, Architecture config) {
    return InputTensor.organs(manager, config, organs);
  }

  /**
   * Returns the labels: masks and edges, (N, 1, H, W) each; where some pixels do not count, as a
   * third 1 for those that do.
   */
  NDList labels(NDManager manager) {
    NDList labels = new NDList(label(manager, masks), label(manager, edges));
    if (!allCertain) {
      labels.add(label(manager, certain));
    }
    return labels;
  }

  private NDArray label(NDManager manager, ByteBuffer values) {
    return manager
        .create(values, new Shape(count, 1, size, size), DataType.UINT8)
        .toType(DataType.FLOAT32, true);
  }
}
