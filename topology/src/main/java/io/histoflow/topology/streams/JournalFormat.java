package io.histoflow.topology.streams;

import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serde;

/**
 * How {@link JournaledStates} are written.
 *
 * @param states serde of whole states
 * @param entries serde of what is added to a state
 * @param empty makes the state to which nothing has been added
 * @param replay adds an entry again that was added before, in place or to its result
 * @param <S> the state
 * @param <E> what is added to it
 */
public record JournalFormat<S, E>(
    Serde<S> states, Serde<E> entries, Supplier<S> empty, BiFunction<S, E, S> replay) {}
