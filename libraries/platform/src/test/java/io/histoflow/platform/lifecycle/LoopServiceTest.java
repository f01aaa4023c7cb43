package io.histoflow.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.platform.config.ConfigException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopServiceTest {

  /** Records what is called, on which thread. */
  private static class Recorder extends LoopService {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final AtomicInteger rounds = new AtomicInteger();
    final CountDownLatch looped = new CountDownLatch(3);

    Recorder() {
      this(Duration.ofSeconds(10));
    }

    Recorder(Duration closeTimeout) {
      super("recorder", closeTimeout);
    }

    @Override
    protected void onStart() throws Exception {
      calls.add("start on " + Thread.currentThread().getName());
    }

    @Override
    protected void runOnce() throws Exception {
      rounds.incrementAndGet();
      looped.countDown();
      Thread.sleep(1);
    }

    @Override
    protected void onStop() throws Exception {
      calls.add("stop on " + Thread.currentThread().getName());
    }
  }

  @Test
  void shouldLoopOnItsOwnThreadUntilClosed() throws Exception {
    // Given
    Recorder service = new Recorder();
    assertThat(service.state()).isEqualTo(ServiceState.NEW);

    // When
    service.start();
    service.looped.await();
    ServiceState whileLooping = service.state();
    service.close();
    int rounds = service.rounds.get();

    // Then
    assertThat(whileLooping).isEqualTo(ServiceState.RUNNING);
    assertThat(service.state()).isEqualTo(ServiceState.STOPPED);
    assertThat(service.failure()).isEmpty();
    assertThat(rounds).isGreaterThanOrEqualTo(3).isEqualTo(service.rounds.get());
    assertThat(service.calls).containsExactly("start on recorder", "stop on recorder");
  }

  @Test
  void shouldStayClosedWhenClosedAgain() {
    // Given
    Recorder service = new Recorder();
    service.start();

    // When
    service.close();
    service.close();

    // Then
    assertThat(service.state()).isEqualTo(ServiceState.STOPPED);
    assertThat(service.calls).hasSize(2);
    assertThatThrownBy(service::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The service recorder is STOPPED and cannot become STARTING.");
  }

  @Test
  void shouldAcquireNothingWhenClosedBeforeTheStart() {
    // Given
    Recorder service = new Recorder();

    // When
    service.close();

    // Then
    assertThat(service.state()).isEqualTo(ServiceState.STOPPED);
    assertThat(service.calls).isEmpty();
  }

  @Test
  void shouldFailWithItsCauseWhenTheLoopThrows() throws Exception {
    // Given
    IOException cause = new IOException("the disk is full");
    Recorder service =
        new Recorder() {
          @Override
          protected void runOnce() throws Exception {
            throw cause;
          }
        };

    // When
    service.start();
    service.awaitStopped();
    service.close();

    // Then
    assertThat(service.state()).isEqualTo(ServiceState.FAILED);
    assertThat(service.failure()).containsSame(cause);
    assertThat(service.calls).containsExactly("start on recorder", "stop on recorder");
  }

  @Test
  void shouldSayWhyItCouldNotStartAndReleaseWhatItHeld() {
    // Given
    Recorder service =
        new Recorder() {
          @Override
          protected void onStart() throws Exception {
            throw new IllegalStateException(new IOException("no checkpoint\n at /models"));
          }
        };

    // Then
    assertThatThrownBy(service::start)
        .isInstanceOf(ServiceException.class)
        .hasMessage("The service recorder could not start: no checkpoint at /models");
    assertThat(service.state()).isEqualTo(ServiceState.FAILED);
    assertThat(service.calls).containsExactly("stop on recorder");
    service.close();
    assertThat(service.state()).isEqualTo(ServiceState.FAILED);
  }

  @Test
  void shouldKeepTheFirstErrorWhenReleasingFailsToo() throws Exception {
    // Given
    Recorder service =
        new Recorder() {
          @Override
          protected void runOnce() {
            throw new IllegalStateException("first");
          }

          @Override
          protected void onStop() {
            throw new IllegalStateException("second");
          }
        };

    // When
    service.start();
    service.awaitStopped();

    // Then
    assertThat(service.failure().orElseThrow()).hasMessage("first");
    assertThat(service.failure().orElseThrow().getSuppressed()[0]).hasMessage("second");
  }

  @Test
  void shouldCloseTheLastResourceFirstWhateverOneOfThemThrows() throws Exception {
    // Given
    Recorder service =
        new Recorder() {
          @Override
          protected void onStart() {
            opened(() -> calls.add("close first"));
            opened(
                () -> {
                  throw new IOException("stuck");
                });
            opened(() -> calls.add("close last"));
          }
        };

    // When
    service.start();
    service.close();

    // Then
    assertThat(service.calls).containsExactly("stop on recorder", "close last", "close first");
    assertThat(service.state()).isEqualTo(ServiceState.FAILED);
    assertThat(service.failure().orElseThrow()).hasMessage("stuck");
  }

  @Test
  void shouldCloseWhatItHadOpenedWhenTheStartFails() {
    // Given
    Recorder service =
        new Recorder() {
          @Override
          protected void onStart() {
            opened(() -> calls.add("close"));
            throw new ConfigException("histoflow.port is taken.");
          }
        };

    // Then
    assertThatThrownBy(service::start)
        .isInstanceOf(ConfigException.class)
        .hasMessage("histoflow.port is taken.");
    assertThat(service.calls).containsExactly("stop on recorder", "close");
    assertThat(service.state()).isEqualTo(ServiceState.FAILED);
  }

  @Test
  void shouldEndAPauseWhenClosed() throws Exception {
    // Given
    CountDownLatch inside = new CountDownLatch(1);
    Recorder service =
        new Recorder(Duration.ofDays(1)) {
          @Override
          protected void runOnce() throws Exception {
            inside.countDown();
            calls.add("closed " + pause(Duration.ofDays(1)));
          }
        };

    // When
    service.start();
    await(inside);
    service.close();

    // Then
    assertThat(service.calls)
        .containsExactly("start on recorder", "closed true", "stop on recorder");
  }

  @Test
  void shouldWakeABlockedRoundWhenClosed() {
    // Given
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch woken = new CountDownLatch(1);
    Recorder service =
        new Recorder(Duration.ofDays(1)) {
          @Override
          protected void runOnce() throws Exception {
            inside.countDown();
            woken.await();
            throw new WakeupException();
          }

          @Override
          protected void wakeUp() {
            woken.countDown();
          }
        };

    // When
    service.start();
    await(inside);
    service.close();

    // Then
    assertThat(service.state()).isEqualTo(ServiceState.STOPPED);
  }

  @Test
  void shouldInterruptARoundThatOutlivesTheCloseTimeout() {
    // Given
    CountDownLatch inside = new CountDownLatch(1);
    Recorder service =
        new Recorder(Duration.ofMillis(50)) {
          @Override
          protected void runOnce() throws Exception {
            inside.countDown();
            new CountDownLatch(1).await();
          }
        };

    // When
    service.start();
    await(inside);
    service.close();

    // Then
    assertThat(service.state()).isEqualTo(ServiceState.STOPPED);
    assertThat(service.calls).containsExactly("start on recorder", "stop on recorder");
  }

  @Test
  void shouldBeStoppingUntilItsRoundHasEndedHoweverOftenItIsClosed() throws Exception {
    // Given
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch wokenTwice = new CountDownLatch(2);
    Recorder service =
        new Recorder(Duration.ofDays(1)) {
          @Override
          protected void runOnce() throws Exception {
            inside.countDown();
            mayEnd.await();
          }

          @Override
          protected void wakeUp() {
            wokenTwice.countDown();
          }
        };
    service.start();
    await(inside);
    Thread first = new Thread(service::close);
    Thread second = new Thread(service::close);

    // When
    first.start();
    second.start();
    await(wokenTwice);
    ServiceState whileClosing = service.state();
    mayEnd.countDown();
    first.join();
    second.join();

    // Then
    assertThat(whileClosing).isEqualTo(ServiceState.STOPPING);
    assertThat(service.state()).isEqualTo(ServiceState.STOPPED);
  }

  @Test
  void shouldEndWhenItClosesItself() throws Exception {
    // Given
    Recorder service =
        new Recorder() {
          @Override
          protected void runOnce() {
            close();
          }
        };

    // When
    service.start();
    service.awaitStopped();

    // Then
    assertThat(service.state()).isEqualTo(ServiceState.STOPPED);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
