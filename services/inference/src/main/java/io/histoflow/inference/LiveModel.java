package io.histoflow.inference;

import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.BlendingSegmenter;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.TileNetwork;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.weights.ProbeAnswers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * The network in force, replaceable between two batches. New weights are loaded into a network of
 * their own and warmed up while the old one works on; only then is the reference switched and the
 * old network closed, when no batch uses it any more.
 *
 * <p>Tiles with an edge above {@value #LARGEST_EDGE} pixels are segmented in overlapping parts that
 * are blended, so that no tile within the limits takes more memory than the machine has.
 */
final class LiveModel implements AutoCloseable {
  private static final int PROBE_EDGE = 64;

  /** The network's memory grows with a tile's area: 1.7 GB at 2048 x 2048 and width 16. */
  private static final int LARGEST_EDGE = BlendingSegmenter.LARGEST_TILE;

  private final Checkpoint shipped;
  private final Function<Checkpoint, TileNetwork> opener;
  // Fair, so that a swap waits for the batches at hand and not for a pause in the traffic.
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
  private volatile int usualWidth = PROBE_EDGE;
  private volatile int usualHeight = PROBE_EDGE;
  private volatile TileNetwork network;

  /** Loads and warms up the weights that shipped. */
  LiveModel(Checkpoint shipped, Function<Checkpoint, TileNetwork> opener) {
    this.shipped = shipped;
    this.opener = opener;
    this.network = ready(shipped);
  }

  /**
   * The network's answer to a batch.
   *
   * @param segmentations one for each input, in the same order
   * @param checkpoint the weights that gave it
   */
  record Batch(List<Segmentation> segmentations, Checkpoint checkpoint) {}

  /** Segments tiles, all by the same weights. Several threads may do so at a time. */
  Batch segment(List<SegmentationInput> inputs) {
    RgbImage first = inputs.get(0).image();
    usualWidth = Math.min(LARGEST_EDGE, first.width());
    usualHeight = Math.min(LARGEST_EDGE, first.height());
    lock.readLock().lock();
    try {
      return new Batch(segmentBounded(inputs), network.checkpoint());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Returns the weights in force. */
  Checkpoint checkpoint() {
    return network.checkpoint();
  }

  /** Returns the number of tiles with which the network is as fast as it gets; takes a while. */
  int fastestBatch() {
    lock.writeLock().lock();
    try {
      return BatchSizing.measure(network);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Puts other weights in force, from the next batch on, unless their answers to fixed tiles show
   * that they are broken. The weights that shipped are trusted.
   *
   * @throws IllegalArgumentException where they are; the weights in force stay
   */
  void replace(Checkpoint next) {
    TileNetwork fresh = ready(next);
    try {
      if (next != shipped) {
        requirePlausible(fresh);
      }
    } catch (RuntimeException e) {
      fresh.close();
      throw e;
    }
    TileNetwork old;
    lock.writeLock().lock();
    try {
      old = network;
      network = fresh;
    } finally {
      lock.writeLock().unlock();
    }
    old.close();
  }

  /**
   * Tells whether the network still works, by asking it about a plain white tile: where it does,
   * the failure of another tile, want of memory included, is that tile's own.
   */
  boolean isSound() {
    lock.readLock().lock();
    try {
      network.segment(List.of(blank(PROBE_EDGE, PROBE_EDGE)));
      return true;
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      return false;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      network.close();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private List<Segmentation> segmentBounded(List<SegmentationInput> inputs) {
    if (inputs.stream().noneMatch(LiveModel::isLarge)) {
      return network.segment(inputs);
    }
    return inputs.stream()
        .map(input -> isLarge(input) ? blended(input) : network.segment(List.of(input)).get(0))
        .toList();
  }

  private static boolean isLarge(SegmentationInput input) {
    return input.image().width() > LARGEST_EDGE || input.image().height() > LARGEST_EDGE;
  }

  private Segmentation blended(SegmentationInput input) {
    RgbImage image = input.image();
    Architecture config = network.checkpoint().config();
    return new Segmentation(
        image.width(),
        image.height(),
        BlendingSegmenter.of(network).probabilities(image, input.organ()),
        network.checkpoint().maskThreshold(input.organ()),
        config.organs().get(config.indexOf(input.organ())));
  }

  /**
   * Those in force may be the broken ones that somebody is about to replace, so that agreeing with
   * those that shipped is enough.
   */
  private void requirePlausible(TileNetwork fresh) {
    List<String> organs = fresh.checkpoint().config().organs();
    ProbeAnswers answers = ProbeAnswers.of(fresh, organs);
    ProbeAnswers inForce = answersInForce(organs);
    Optional<String> why = answers.whyImplausible(inForce);
    if (checkpoint() != shipped && (why.isPresent() || !inForce.findsSomething())) {
      try (TileNetwork first = opener.apply(shipped)) {
        why = answers.whyImplausible(ProbeAnswers.of(first, organs));
      }
    }
    if (why.isPresent()) {
      throw new IllegalArgumentException(why.get());
    }
  }

  private ProbeAnswers answersInForce(List<String> organs) {
    lock.readLock().lock();
    try {
      return ProbeAnswers.of(network, organs);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The first run of a shape costs extra; it is paid here instead of by the first batch. */
  private TileNetwork ready(Checkpoint checkpoint) {
    TileNetwork fresh = opener.apply(checkpoint);
    try {
      fresh.segment(List.of(blank(usualWidth, usualHeight)));
      return fresh;
    } catch (RuntimeException e) {
      fresh.close();
      throw e;
    }
  }

  /** Returns a plain white tile of no organ, to try a network with. */
  static SegmentationInput blank(int width, int height) {
    byte[] white = new byte[width * height * 3];
    Arrays.fill(white, (byte) 0xFF);
    return new SegmentationInput(RgbImage.of(width, height, white), ClinSegNetConfig.UNKNOWN);
  }
}
