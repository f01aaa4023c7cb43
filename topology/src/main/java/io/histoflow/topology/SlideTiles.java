package io.histoflow.topology;

import java.util.Optional;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The ledger of tiles, in order of slide and tile. */
final class SlideTiles {
  /** Ends a slide's id in a key; ids do not hold it. */
  static final char SEPARATOR = '\0';

  private final KeyValueStore<String, TileEntry> store;

  SlideTiles(KeyValueStore<String, TileEntry> store) {
    this.store = store;
  }

  Optional<TileEntry> find(String slideId, String tileId) {
    return Optional.ofNullable(store.get(key(slideId, tileId)));
  }

  void put(String slideId, String tileId, TileEntry tile) {
    store.put(key(slideId, tileId), tile);
  }

  /** Adds up a slide. */
  SlideTally tally(String slideId, SlideState slide) {
    SlideTally tally = new SlideTally(slide);
    try (KeyValueIterator<String, TileEntry> tiles =
        store.prefixScan(slideId + SEPARATOR, new StringSerializer())) {
      tiles.forEachRemaining(tile -> tally.add(tile.value));
    }
    return tally;
  }

  private static String key(String slideId, String tileId) {
    return slideId + SEPARATOR + tileId;
  }
}
