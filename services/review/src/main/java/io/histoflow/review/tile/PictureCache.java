package io.histoflow.review.tile;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Keeps drawn pictures, up to a number of bytes in all. After an event all browsers ask for the
 * same picture: one request draws it, and the others wait for what comes of it. Safe for use by
 * several threads.
 *
 * @param <K> key, with equality by value
 */
final class PictureCache<K> {
  private static final long LONGEST_SECONDS = 10;

  private final AsyncCache<K, Drawn> pictures;

  /**
   * Makes an empty cache.
   *
   * @param mostBytes most bytes that are held; a picture larger than this is not kept
   */
  PictureCache(long mostBytes) {
    this.pictures =
        Caffeine.newBuilder()
            .maximumWeight(mostBytes)
            .weigher((K key, Drawn drawn) -> drawn.picture.length)
            .executor(Runnable::run)
            .buildAsync();
  }

  /**
   * Returns a picture, drawing it where it is not kept.
   *
   * @throws RefusedException where drawing it failed, here or where it was waited for, or takes too
   *     long; the next request tries again
   */
  byte[] get(K key, Drawing drawing) throws RefusedException {
    CompletableFuture<Drawn> mine = new CompletableFuture<>();
    CompletableFuture<Drawn> picture = pictures.get(key, (absent, executor) -> mine);
    if (picture == mine) {
      draw(key, drawing, mine);
    }
    try {
      Drawn drawn = picture.get(LONGEST_SECONDS, TimeUnit.SECONDS);
      if (drawn.refusal != null) {
        throw drawn.refusal;
      }
      return drawn.picture;
    } catch (ExecutionException e) {
      throw new IllegalStateException("A picture could not be drawn by another request", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      // Answered below.
    }
    throw new RefusedException(Reason.BUSY, "The picture is being drawn: try again in a moment.");
  }

  private void draw(K key, Drawing drawing, CompletableFuture<Drawn> picture) {
    try {
      picture.complete(new Drawn(drawing.draw(), null));
    } catch (RefusedException e) {
      // Not as a failure, each of which the cache would log.
      picture.complete(new Drawn(new byte[0], e));
      pictures.asMap().remove(key, picture);
    } catch (RuntimeException | Error e) {
      picture.completeExceptionally(e);
      throw e;
    }
  }

  /** Draws a picture. */
  @FunctionalInterface
  interface Drawing {
    byte[] draw() throws RefusedException;
  }

  /** What came of drawing: a picture, or why there is none. */
  private static final class Drawn {
    private final byte[] picture;
    private final RefusedException refusal;

    Drawn(byte[] picture, RefusedException refusal) {
      this.picture = picture;
      this.refusal = refusal;
    }
  }
}
