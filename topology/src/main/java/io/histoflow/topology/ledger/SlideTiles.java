package io.histoflow.topology.ledger;

import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The ledger of tiles, in order of slide and tile; on disk, about 150 bytes a tile. */
public final class SlideTiles {
  /** Name of its store. */
  public static final String STORE = "slide-tiles";

  /** Ends a slide's id in a key; ids do not hold it. */
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

  /** Finds a tile; empty where neither a segmentation nor a verdict came. */
  public Optional<TileEntry> find(String slideId, String tileId) {
    return Optional.ofNullable(store.get(key(slideId, tileId)));
  }

  /** Keeps what is known of a tile now. */
  public void put(String slideId, String tileId, TileEntry tile) {
    store.put(key(slideId, tileId), tile);
  }

  /** Hands out each tile of a slide, in the order of their ids. */
  public void forEach(String slideId, Consumer<TileEntry> action) {
    try (KeyValueIterator<String, TileEntry> tiles =
        store.prefixScan(slideId + SEPARATOR, new StringSerializer())) {
      tiles.forEachRemaining(tile -> action.accept(tile.value));
    }
  }

  private static String key(String slideId, String tileId) {
    return slideId + SEPARATOR + tileId;
  }
}
