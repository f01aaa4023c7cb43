package io.histoflow.review.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PictureCacheTest {
  private final PictureCache<String> cache = new PictureCache<>(100);
  private final AtomicInteger drawn = new AtomicInteger();

  @Test
  void shouldDrawAPictureOnceWhileItIsKept() throws RefusedException {
    // When
    byte[] first = cache.get("a", picture(40));
    byte[] second = cache.get("a", picture(40));

    // Then
    assertThat(second).isSameAs(first).hasSize(40);
    assertThat(drawn).hasValue(1);
  }

  @Test
  void shouldHoldNoMoreBytesThanItMay() throws RefusedException {
    // Given
    for (int i = 0; i < 10; i++) {
      cache.get("picture " + i, picture(40));
    }

    // Then
    long kept = IntStream.range(0, 10).filter(i -> isKept("picture " + i)).count();
    assertThat(kept).isBetween(1L, 2L);
  }

  @Test
  void shouldNotKeepWhatIsLargerThanAllItMayHold() throws RefusedException {
    // Given
    cache.get("a", picture(40));

    // When
    byte[] huge = cache.get("huge", picture(101));

    // Then
    assertThat(huge).hasSize(101);
    assertThat(isKept("huge")).isFalse();
    assertThat(isKept("a")).isTrue();
  }

  @Test
  void shouldDrawOnceForAllWhoAskAtTheSameTime() throws Exception {
    // Given: one draws
    ExecutorService threads = Executors.newFixedThreadPool(2);
    CountDownLatch drawing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Future<byte[]> first =
        threads.submit(
            () ->
                cache.get(
                    "a",
                    () -> {
                      drawing.countDown();
                      awaitNow(go);
                      return picture(40).draw();
                    }));
    drawing.await();

    // When
    Future<byte[]> second = threads.submit(() -> cache.get("a", picture(40)));
    go.countDown();

    // Then
    assertThat(second.get()).isSameAs(first.get());
    assertThat(drawn).hasValue(1);
    threads.shutdown();
  }

  @Test
  void shouldNotWaitForAPictureForEver() throws Exception {
    // Given: one draws and does not end
    ExecutorService threads = Executors.newFixedThreadPool(2);
    CountDownLatch drawing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Future<byte[]> first =
        threads.submit(
            () ->
                cache.get(
                    "a",
                    () -> {
                      drawing.countDown();
                      awaitNow(go);
                      return picture(40).draw();
                    }));
    drawing.await();

    // When, then: an interrupt stands for the time that is up
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> cache.get("a", picture(40)))
        .extracting("reason")
        .isEqualTo(Reason.BUSY);
    assertThat(Thread.interrupted()).isTrue();
    go.countDown();
    assertThat(first.get()).hasSize(40);
    threads.shutdown();
  }

  @Test
  void shouldTryAgainAfterAFailure() throws RefusedException {
    // Given
    RefusedException refusal = new RefusedException(Reason.RECORD_UNREADABLE, "It is damaged.");
    IllegalArgumentException failure = new IllegalArgumentException("It cannot be drawn.");
    assertThatThrownBy(
            () ->
                cache.get(
                    "a",
                    () -> {
                      throw refusal;
                    }))
        .isSameAs(refusal);
    assertThatThrownBy(
            () ->
                cache.get(
                    "a",
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);

    // When, then
    assertThat(cache.get("a", picture(40))).hasSize(40);
  }

  private boolean isKept(String key) {
    int before = drawn.get();
    try {
      // Of no size, so that it takes nobody's place.
      cache.get(key, picture(0));
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
    return drawn.get() == before;
  }

  private PictureCache.Drawing picture(int bytes) {
    return () -> {
      drawn.incrementAndGet();
      return new byte[bytes];
    };
  }

  private static void awaitNow(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
