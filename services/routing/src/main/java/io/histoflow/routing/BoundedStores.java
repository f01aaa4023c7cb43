package io.histoflow.routing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/**
 * Bounds the native memory of each state store on disk: Kafka Streams' defaults (50 MB of cache and
 * 48 MB of write buffers for each store and partition) are too much for a laptop.
 *
 * <p>Kafka Streams makes it by its name.
 */
public final class BoundedStores implements RocksDBConfigSetter {
  private static final long CACHE_BYTES = 8L << 20;
  private static final long WRITE_BUFFER_BYTES = 4L << 20;
  private static final int WRITE_BUFFERS = 2;

  private final Map<String, Cache> caches = new ConcurrentHashMap<>();

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    Cache cache = new LRUCache(CACHE_BYTES);
    caches.put(storeName, cache);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(cache);
    options.setTableFormatConfig(table);
    options.setWriteBufferSize(WRITE_BUFFER_BYTES);
    options.setMaxWriteBufferNumber(WRITE_BUFFERS);
  }

  @Override
  public void close(String storeName, Options options) {
    Cache cache = caches.remove(storeName);
    if (cache != null) {
      cache.close();
    }
  }
}
