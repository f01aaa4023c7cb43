package io.histoflow.topology.ledger;

import io.histoflow.schemas.TileSegmented;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The ledger of tiles, in order of slide, tile and scan; on disk, about 170 bytes a tile. What two
 * scans of a slide call by the same id are two tiles.
 */
public final class SlideTiles {
  /** Name of its store. */
  public static final String STORE = "slide-tiles";

  /** The scan of tiles whose scanner does not tell scans apart. */
  public static final String NO_SCAN = "";

  /** Ends the ids of slide and tile in a key; ids do not hold it. */
  static final char SEPARATOR = '\0';

  private final KeyValueStore<String, TileEntry> store;

  /**
   * @param store the store, which {@link #store()} makes
   */
  public SlideTiles(KeyValueStore<String, TileEntry> store) {
    this.store = store;
  }

  /** Returns what makes the ledger's store. */
  public static StoreBuilder<KeyValueStore<String, TileEntry>> store() {
    // A tile is read once and written once. In the cache that all stores of a thread share, tiles
    // would only crowd out what is written with every tile, which then goes to the brokers each
    // time.
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(STORE), Serdes.String(), TileEntry.serde())
        .withCachingDisabled();
  }

  /** Returns which scan a segmentation belongs to. */
  public static String scanOf(TileSegmented tile) {
    return tile.getScanId() == null ? NO_SCAN : tile.getScanId();
  }

  /**
   * Finds the tile of a segmentation. A verdict that came before any segmentation of the tile holds
   * for whichever scan comes.
   */
  public TileEntry find(TileSegmented tile) {
    String scan = scanOf(tile);
    Optional<TileEntry> entry = find(tile.getSlideId(), tile.getTileId(), scan);
    if (entry.isEmpty() && !scan.equals(NO_SCAN)) {
      entry =
          find(tile.getSlideId(), tile.getTileId(), NO_SCAN).filter(known -> !known.segmented());
    }
    return entry.orElse(TileEntry.UNKNOWN);
  }

  /** Finds a tile of a scan; empty where neither a segmentation nor a verdict came. */
  public Optional<TileEntry> find(String slideId, String tileId, String scan) {
    return Optional.ofNullable(store.get(key(slideId, tileId, scan)));
  }

  /** Keeps what is known of a tile now. */
  public void put(String slideId, String tileId, String scan, TileEntry tile) {
    store.put(key(slideId, tileId, scan), tile);
  }

  /** Leaves a tile as it was before a segmentation came. */
  public void takeBack(SlideEvent.TileArrived arrived) {
    TileSegmented tile = arrived.tile();
    String scan = scanOf(tile);
    // What was known of a tile whose segmentation names a scan may have been said of no scan.
    boolean own = arrived.before().segmented() || scan.equals(NO_SCAN);
    store.put(
        key(tile.getSlideId(), tile.getTileId(), scan),
        own && !arrived.before().equals(TileEntry.UNKNOWN) ? arrived.before() : null);
  }

  /** Forgets a tile. */
  public void delete(String slideId, String tileId, String scan) {
    store.delete(key(slideId, tileId, scan));
  }

  /**
   * Hands out each tile of a slide in the order of their ids; the visitor may change the ledger.
   *
   * @return how many the visitor counted
   */
  public int forEach(String slideId, Visitor visitor) {
    return visit(slideId + SEPARATOR, visitor);
  }

  /** Hands out what each scan of a slide calls by a tile's id, as {@link #forEach} does. */
  public int forEachScan(String slideId, String tileId, Visitor visitor) {
    return visit(slideId + SEPARATOR + tileId + SEPARATOR, visitor);
  }

  private int visit(String prefix, Visitor visitor) {
    int counted = 0;
    try (KeyValueIterator<String, TileEntry> tiles =
        store.prefixScan(prefix, new StringSerializer())) {
      while (tiles.hasNext()) {
        KeyValue<String, TileEntry> tile = tiles.next();
        int idStart = tile.key.indexOf(SEPARATOR) + 1;
        int idEnd = tile.key.indexOf(SEPARATOR, idStart);
        String tileId = tile.key.substring(idStart, idEnd);
        counted += visitor.visit(tileId, tile.key.substring(idEnd + 1), tile.value) ? 1 : 0;
      }
    }
    return counted;
  }

  private static String key(String slideId, String tileId, String scan) {
    return slideId + SEPARATOR + tileId + SEPARATOR + scan;
  }

  /** Sees one tile after the other. */
  public interface Visitor {
    /** Sees a tile and says whether to count it. */
    boolean visit(String tileId, String scan, TileEntry tile);
  }
}
