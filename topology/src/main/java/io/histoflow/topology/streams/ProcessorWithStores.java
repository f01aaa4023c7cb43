package io.histoflow.topology.streams;

import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Makes processors that bring the stores which only they use.
 *
 * @param <K> type of the keys that come in
 * @param <V> type of the values that come in
 * @param <L> type of the keys that go out
 * @param <W> type of the values that go out
 */
public final class ProcessorWithStores<K, V, L, W> implements ProcessorSupplier<K, V, L, W> {
  private final Supplier<Processor<K, V, L, W>> processor;
  private final Set<StoreBuilder<?>> stores;

  /**
   * @param processor makes a processor, a new one each time
   * @param stores its stores
   */
  public ProcessorWithStores(Supplier<Processor<K, V, L, W>> processor, StoreBuilder<?>... stores) {
    this.processor = processor;
    this.stores = Set.of(stores);
  }

  @Override
  public Processor<K, V, L, W> get() {
    return processor.get();
  }

  @Override
  public Set<StoreBuilder<?>> stores() {
    return stores;
  }
}
