package io.histoflow.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DecodedPartsTest {
  private static final RgbImage PART = RgbImage.of(1024, 1024, new byte[3 << 20]);

  private final DecodedParts parts = new DecodedParts();
  private final AtomicInteger decoded = new AtomicInteger();

  @Test
  void shouldDecodeAPartOnceThatSeveralThreadsNeed() throws Exception {
    // Given: the first decodes until all others have asked, or will find it
    CountDownLatch asking = new CountDownLatch(4);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      // When
      List<Future<Optional<RgbImage>>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(
            threads.submit(
                () -> {
                  asking.countDown();
                  return parts.get(
                      7,
                      0,
                      () -> {
                        awaited(asking);
                        return decode();
                      });
                }));
      }

      // Then
      for (Future<Optional<RgbImage>> answer : answers) {
        assertThat(answer.get()).contains(PART);
      }
      assertThat(decoded).hasValue(1);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void shouldTryAgainWhatCouldNotBeDecoded() throws Exception {
    assertThatThrownBy(
            () ->
                parts.get(
                    1,
                    0,
                    () -> {
                      throw new IOException("damaged");
                    }))
        .hasMessage("damaged");
    assertThat(parts.get(1, 0, this::decode)).contains(PART);
  }

  @Test
  void shouldKeepSixtyFourMebibytesOrWhatARegionNeeds() throws Exception {
    // Given: 21 parts of 3 MiB are kept
    for (int key = 0; key < 22; key++) {
      parts.get(key, 0, this::decode);
    }

    // When, Then: the first is gone, the last is not
    parts.get(21, 0, this::decode);
    assertThat(decoded).hasValue(22);
    parts.get(0, 0, this::decode);
    assertThat(decoded).hasValue(23);

    // When: a region of 30 parts
    for (int round = 0; round < 2; round++) {
      for (int key = 100; key < 130; key++) {
        parts.get(key, 90L << 20, this::decode);
      }
    }

    // Then
    assertThat(decoded).hasValue(53);
  }

  private Optional<RgbImage> decode() {
    decoded.incrementAndGet();
    return Optional.of(PART);
  }

  private static void awaited(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
