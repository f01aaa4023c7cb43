package io.histoflow.topology.drift;

import io.histoflow.topology.streams.JournalFormat;
import io.histoflow.topology.streams.StateSerde;
import io.histoflow.topology.summaries.TileFigures;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.kafka.common.serialization.Serde;

/**
 * What is known of the tiles of one organ and scanner: the reference, which the first tiles of a
 * model version make, and the window that fills.
 *
 * <p>Tiles of a newer model version start a new reference. Those of an older one are left out; a
 * whole window of them in a row is a return to older weights and starts a new reference too.
 */
final class DriftHistory {
  private static final long NONE = -1;
  private static final int BLOCKS_PER_WINDOW = 2;
  private static final int MOST_BLOCKS = 10_000;

  private final DriftSettings settings;
  private long modelVersion = NONE;
  private long olderInARow;
  private boolean drifted;
  private boolean newReference;
  private TileFigures reference = TileFigures.empty();
  private List<TileFigures> blocks = new ArrayList<>();
  private TileFigures window = TileFigures.empty();
  private KolmogorovSmirnov.DesignEffect entropyEffect = KolmogorovSmirnov.DesignEffect.NONE;
  private KolmogorovSmirnov.DesignEffect areaEffect = KolmogorovSmirnov.DesignEffect.NONE;

  DriftHistory(DriftSettings settings) {
    this.settings = settings;
  }

  /**
   * Adds tiles.
   *
   * @return the window that they completed; empty where none is complete
   */
  Optional<Comparison> add(long version, TileFigures tiles) {
    if (version < modelVersion) {
      olderInARow += tiles.count();
      if (olderInARow < settings.windowTiles()) {
        return Optional.empty();
      }
    }
    olderInARow = 0;
    if (version != modelVersion) {
      startReference(version);
    }
    if (!hasReference()) {
      learn(tiles);
      return Optional.empty();
    }
    window.add(tiles);
    return window.count() < settings.windowTiles() ? Optional.empty() : Optional.of(compare());
  }

  long modelVersion() {
    return modelVersion;
  }

  /** Says whether the reference is complete. */
  boolean hasReference() {
    return reference.count() >= settings.referenceTiles();
  }

  private void startReference(long version) {
    modelVersion = version;
    newReference = true;
    reference = TileFigures.empty();
    blocks = new ArrayList<>();
    window = TileFigures.empty();
  }

  private void learn(TileFigures tiles) {
    reference.add(tiles);
    int blockTiles = settings.windowTiles() / BLOCKS_PER_WINDOW;
    if (blocks.isEmpty() || blocks.get(blocks.size() - 1).count() >= blockTiles) {
      blocks.add(TileFigures.empty());
    }
    blocks.get(blocks.size() - 1).add(tiles);
    if (hasReference()) {
      // A last block of a few tiles says little of how alike the tiles of a slide are.
      blocks.removeIf(block -> block.count() < blockTiles);
      entropyEffect = designEffect(TileFigures::entropy);
      areaEffect = designEffect(TileFigures::positiveArea);
      blocks = new ArrayList<>();
    }
  }

  private KolmogorovSmirnov.DesignEffect designEffect(
      Function<TileFigures, KllDoublesSketch> figure) {
    return KolmogorovSmirnov.designEffect(
        figure.apply(reference), blocks.stream().map(figure).toList());
  }

  private Comparison compare() {
    KolmogorovSmirnov test = new KolmogorovSmirnov(settings);
    KolmogorovSmirnov.Result entropy =
        test.compare(reference.entropy(), window.entropy(), entropyEffect);
    KolmogorovSmirnov.Result area =
        test.compare(reference.positiveArea(), window.positiveArea(), areaEffect);
    boolean now = entropy.drifted() || area.drifted();
    boolean news = now != drifted || (now && newReference);
    drifted = now;
    newReference = false;
    window = TileFigures.empty();
    return new Comparison(now, news, entropy, area);
  }

  /** Says how histories are stored: whole, and between that by what was told since. */
  static JournalFormat<DriftHistory, Told> format(DriftSettings settings) {
    return new JournalFormat<>(
        serde(settings),
        Told.serde(),
        () -> new DriftHistory(settings),
        (history, told) -> {
          var unused = history.add(told.modelVersion, told.tiles);
          return history;
        });
  }

  static Serde<DriftHistory> serde(DriftSettings settings) {
    return new StateSerde<>(
        "organ drift", 1, (history, out) -> history.write(out), in -> read(in, settings));
  }

  private void write(DataOutput out) throws IOException {
    out.writeLong(modelVersion);
    out.writeLong(olderInARow);
    out.writeBoolean(drifted);
    out.writeBoolean(newReference);
    reference.write(out);
    out.writeInt(blocks.size());
    for (TileFigures block : blocks) {
      block.write(out);
    }
    window.write(out);
    write(out, entropyEffect);
    write(out, areaEffect);
  }

  private static DriftHistory read(DataInput in, DriftSettings settings) throws IOException {
    DriftHistory history = new DriftHistory(settings);
    history.modelVersion = in.readLong();
    history.olderInARow = in.readLong();
    history.drifted = in.readBoolean();
    history.newReference = in.readBoolean();
    history.reference = TileFigures.read(in);
    int blocks = in.readInt();
    if (blocks < 0 || blocks > MOST_BLOCKS) {
      throw new IOException("a reference of " + blocks + " blocks");
    }
    for (int i = 0; i < blocks; i++) {
      history.blocks.add(TileFigures.read(in));
    }
    history.window = TileFigures.read(in);
    history.entropyEffect = readEffect(in);
    history.areaEffect = readEffect(in);
    return history;
  }

  private static void write(DataOutput out, KolmogorovSmirnov.DesignEffect effect)
      throws IOException {
    out.writeDouble(effect.value());
    out.writeInt(effect.blocks());
  }

  private static KolmogorovSmirnov.DesignEffect readEffect(DataInput in) throws IOException {
    return new KolmogorovSmirnov.DesignEffect(in.readDouble(), in.readInt());
  }

  /**
   * What a router told of an organ's tiles on one scanner.
   *
   * @param modelVersion version of the weights that segmented them
   * @param tiles their figures
   */
  record Told(long modelVersion, TileFigures tiles) {
    static Serde<Told> serde() {
      return new StateSerde<>(
          "told figures",
          1,
          (told, out) -> {
            out.writeLong(told.modelVersion);
            told.tiles.write(out);
          },
          in -> new Told(in.readLong(), TileFigures.read(in)));
    }
  }

  /**
   * A complete window beside its reference.
   *
   * @param drifted whether either figure has drifted
   * @param news whether that has not been said yet: the window before was different, or it is the
   *     first that differs from a new reference
   * @param entropy mean entropy
   * @param positiveArea positive area
   */
  record Comparison(
      boolean drifted,
      boolean news,
      KolmogorovSmirnov.Result entropy,
      KolmogorovSmirnov.Result positiveArea) {}
}
