package io.histoflow.topology.streams;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Large states that change a little with every record. They are kept as objects, so that no record
 * reads or writes a whole one. What is stored of each is the state as it once was, and under a
 * second key a journal of what was added since; where the journal has grown long, the state is
 * stored anew and the journal begins again.
 *
 * <p>A processor makes them in its {@code init}: objects of an aborted transaction must not survive
 * it. States are read from the store when they are first asked for.
 *
 * @param <S> the state
 * @param <E> what is added to it
 */
public final class JournaledStates<S, E> {
  /** Ends the key of a journal; other keys do not end with it. */
  static final char JOURNAL = '\0';

  /** Rewriting small states often gains nothing. */
  private static final int LEAST_BYTES = 4 << 10;

  /** Of a state's bytes: a journal costs its own length with each commit. */
  private static final double LONGEST_JOURNAL = 0.5;

  private final KeyValueStore<String, byte[]> store;
  private final JournalFormat<S, E> format;
  private final Map<String, Journaled<S>> known = new HashMap<>();

  /**
   * @param store the store, which {@link #store(String)} makes
   * @param format how states and what is added to them are written
   */
  public JournaledStates(KeyValueStore<String, byte[]> store, JournalFormat<S, E> format) {
    this.store = Objects.requireNonNull(store, "store");
    this.format = Objects.requireNonNull(format, "format");
  }

  /** Returns what makes the store of such states: in memory, written once per commit. */
  public static StoreBuilder<KeyValueStore<String, byte[]>> store(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
        .withCachingEnabled();
  }

  /** Returns the state of a key; the empty one where nothing has been added. */
  public S get(String key) {
    return known(key).state;
  }

  /** Returns the keys to which something has been added, in a set of the caller's own. */
  public Set<String> keys() {
    Set<String> keys = new HashSet<>();
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> entry = all.next();
        keys.add(isJournal(entry.key) ? entry.key.substring(0, entry.key.length() - 1) : entry.key);
      }
    }
    return keys;
  }

  /** Keeps a state that has changed otherwise than by an entry. */
  public void put(String key, S state) {
    Journaled<S> journaled = known(key);
    journaled.state = state;
    writeState(key, journaled);
  }

  /**
   * Keeps a state to which an entry was added.
   *
   * @param state what {@link JournalFormat#replay} makes of the state before and the entry
   * @param entry what was added
   */
  public void append(String key, S state, E entry) {
    Journaled<S> journaled = known(key);
    journaled.state = state;
    journaled.add(format.entries().serializer().serialize(key, entry));
    if (journaled.journal.size() > Math.max(LEAST_BYTES, LONGEST_JOURNAL * journaled.stateBytes)) {
      writeState(key, journaled);
    } else {
      store.put(key + JOURNAL, journaled.journal.toByteArray());
    }
  }

  private Journaled<S> known(String key) {
    return known.computeIfAbsent(key, this::read);
  }

  private void writeState(String key, Journaled<S> journaled) {
    byte[] state = format.states().serializer().serialize(key, journaled.state);
    journaled.stateBytes = state.length;
    journaled.journal.reset();
    store.put(key, state);
    store.put(key + JOURNAL, null);
  }

  private Journaled<S> read(String key) {
    byte[] bytes = store.get(key);
    S state =
        bytes == null
            ? format.empty().get()
            : format.states().deserializer().deserialize(store.name(), bytes);
    Journaled<S> journaled = new Journaled<>(state, bytes == null ? 0 : bytes.length);
    Optional.ofNullable(store.get(key + JOURNAL)).ifPresent(journal -> replay(journaled, journal));
    return journaled;
  }

  private void replay(Journaled<S> journaled, byte[] journal) {
    ByteBuffer in = ByteBuffer.wrap(journal);
    while (in.hasRemaining()) {
      int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new SerializationException("A journal of " + store.name() + " ends within an entry");
      }
      byte[] bytes = new byte[length];
      in.get(bytes);
      E entry = format.entries().deserializer().deserialize(store.name(), bytes);
      journaled.state = format.replay().apply(journaled.state, entry);
      journaled.add(bytes);
    }
  }

  private static boolean isJournal(String key) {
    return !key.isEmpty() && key.charAt(key.length() - 1) == JOURNAL;
  }

  /** A state beside what is stored of it. */
  private static final class Journaled<S> {
    private S state;
    private int stateBytes;
    private final ByteArrayOutputStream journal = new ByteArrayOutputStream();

    Journaled(S state, int stateBytes) {
      this.state = state;
      this.stateBytes = stateBytes;
    }

    void add(byte[] entry) {
      journal.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(entry.length).array());
      journal.writeBytes(entry);
    }
  }
}
