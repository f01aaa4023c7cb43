package io.histoflow.platform.lifecycle;

import com.google.common.base.Throwables;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks for something among an exception and its causes. */
public final class Causes {
  private Causes() {}

  /** Tells whether one of them is of a kind. */
  public static boolean match(Throwable failure, Predicate<Throwable> kind) {
    return Throwables.getCausalChain(failure).stream().anyMatch(kind);
  }

  /** Returns the first of them that is of a type. */
  public static <T extends Throwable> Optional<T> first(Throwable failure, Class<T> type) {
    return Throwables.getCausalChain(failure).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }

  /** Tells whether one of them is of one of the types. */
  @SafeVarargs
  public static boolean areAny(Throwable failure, Class<? extends Throwable>... types) {
    for (Class<? extends Throwable> type : types) {
      if (match(failure, type::isInstance)) {
        return true;
      }
    }
    return false;
  }
}
