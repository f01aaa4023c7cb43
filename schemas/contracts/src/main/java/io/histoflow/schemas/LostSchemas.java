package io.histoflow.schemas;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a record that names a schema id out of nowhere from one whose schema the registry has lost,
 * because somebody deleted a subject or started an empty registry. The first can never be read; the
 * second can, once the schema is back, and waits for that.
 *
 * <p>Registries give ids in order, and our contracts are registered again before the question is
 * decided, so the newest of their ids is about the newest there is. An id up to it was given to
 * somebody once. One a little above it may be from before the registry was emptied where our
 * subjects were just found missing. All others are garbage: one record of anybody's making must not
 * stop those behind it. Whoever writes may name such ids one after the other: they share one wait,
 * and where it is over none of them waits anew until ours are found missing again, or a day has
 * passed.
 *
 * <p>What it remembers is bounded and expires. Safe for use by several threads.
 */
final class LostSchemas {
  /** What is known about a schema id that the registry does not know. */
  enum Verdict {
    /** No record with it can ever be read. */
    GARBAGE,
    /** Somebody wrote with it; it may come back. */
    LOST,
    /** It was lost for longer than records wait. */
    GIVEN_UP
  }

  private static final Logger log = LoggerFactory.getLogger(LostSchemas.class);

  /** No registry gives this many ids while a contract of ours goes without a newer one. */
  private static final int LEAP = 1_000_000;

  private static final int MOST_IDS = 256;
  private static final long REMEMBER_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long ALARM_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long SHARED_NANOS = Duration.ofDays(1).toNanos();

  private final Map<String, ?> config;
  private final long patienceNanos;
  private final LongSupplier nanoClock;
  private final Map<Integer, Long> garbageUntil = bounded();
  private final Map<Integer, Lost> lost = bounded();
  private long endlessFrom = Long.MAX_VALUE;
  private long endlessUntil;
  private long missingUntil;
  private long sharedSince;
  private long sharedUntil;
  private long nextAlarm;
  private int newest;
  private long newestUntil;

  private record Lost(long since, long askAgainAt) {}

  LostSchemas(Map<String, ?> config, Duration patience, LongSupplier nanoClock) {
    this.config = config;
    this.patienceNanos = patience.toNanos();
    this.nanoClock = nanoClock;
    long now = nanoClock.getAsLong();
    this.endlessUntil = now;
    this.missingUntil = now;
    this.sharedUntil = now;
    this.nextAlarm = now;
    this.newestUntil = now;
  }

  /** Says whether the registry was asked for an id so recently that its answer still holds. */
  synchronized boolean remembers(int id) {
    long now = nanoClock.getAsLong();
    Long until = garbageUntil.get(id);
    Lost known = lost.get(id);
    return id <= 0
        || (until != null && until - now > 0)
        || (id >= endlessFrom && endlessUntil - now > 0)
        || (known != null && known.askAgainAt() - now > 0);
  }

  /** The registry knows the id. */
  synchronized void found(int id) {
    lost.remove(id);
  }

  /**
   * Judges an id that the registry does not know.
   *
   * @param topic for the alarm
   * @throws RegistryUnavailableException where the registry could not be asked
   */
  synchronized Verdict judge(String topic, int id) {
    long now = nanoClock.getAsLong();
    Lost known = lost.get(id);
    if (known == null && (remembers(id) || !wasGiven(id, now))) {
      return garbage(id, now);
    }
    if (known == null) {
      known = new Lost(id <= newest ? now : sharedSince(now), now + ASK_AGAIN_NANOS);
    } else if (known.askAgainAt() - now <= 0) {
      registerOwn(now);
      known = new Lost(known.since(), now + ASK_AGAIN_NANOS);
    }
    lost.put(id, known);
    if (now - known.since() >= patienceNanos) {
      return Verdict.GIVEN_UP;
    }
    alarm(topic, id, now);
    return Verdict.LOST;
  }

  private long sharedSince(long now) {
    if (sharedUntil - now <= 0) {
      sharedSince = now;
      sharedUntil = now + SHARED_NANOS;
    }
    return sharedSince;
  }

  private boolean wasGiven(int id, long now) {
    registerOwn(now);
    return id <= newest || (id <= (long) newest + LEAP && missingUntil - now > 0);
  }

  private Verdict garbage(int id, long now) {
    garbageUntil.put(id, now + REMEMBER_NANOS);
    if (id > LEAP && (id < endlessFrom || endlessUntil - now <= 0)) {
      // What is given in order and has not come this far has not come further.
      endlessFrom = id;
      endlessUntil = now + REMEMBER_NANOS;
    }
    return Verdict.GARBAGE;
  }

  /** Registers what lacks of our contracts; with a new client, because clients remember. */
  private void registerOwn(long now) {
    if (newestUntil - now > 0) {
      return;
    }
    try (SchemaRegistry registry = new SchemaRegistry(config)) {
      for (TopicSpec<?> spec : Topics.all()) {
        if (registry.versions(spec.subject()).isEmpty()) {
          missing(now);
          log.atError()
              .addKeyValue("subject", spec.subject())
              .log("The schema registry has lost a subject of ours, which is registered again");
        }
        newest = Math.max(newest, SubjectCatalogue.ensure(registry, spec.subject(), spec.schema()));
      }
    } catch (IncompatibleContractException e) {
      missing(now);
      log.atError().log("The schema registry holds other contracts than ours: {}", e.getMessage());
    }
    newestUntil = now + ASK_AGAIN_NANOS;
  }

  private void missing(long now) {
    if (missingUntil - now <= 0) {
      sharedUntil = now;
    }
    missingUntil = now + patienceNanos;
  }

  private void alarm(String topic, int id, long now) {
    if (nextAlarm - now <= 0) {
      nextAlarm = now + ALARM_NANOS;
      log.atError()
          .addKeyValue("topic", topic)
          .addKeyValue("schemaId", id)
          .log(
              "Records wait for a schema that the registry has lost: restore the registry's"
                  + " subjects from a backup");
    }
  }

  private static <V> Map<Integer, V> bounded() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Integer, V> eldest) {
        return size() > MOST_IDS;
      }
    };
  }
}
