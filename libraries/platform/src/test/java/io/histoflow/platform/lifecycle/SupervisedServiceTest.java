package io.histoflow.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.platform.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SupervisedServiceTest {
  private static final RestartPolicy IMPATIENT =
      new RestartPolicy(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofHours(1));

  private final List<PartNotice> notices = new CopyOnWriteArrayList<>();
  private final List<Part> lives = new CopyOnWriteArrayList<>();

  /** Runs until it is told to break. */
  private static final class Part extends LoopService {
    private final CountDownLatch broken = new CountDownLatch(1);
    private final Throwable failure;
    private volatile boolean released;

    Part(Throwable failure) {
      super("part", Duration.ofSeconds(5));
      this.failure = failure;
    }

    @Override
    protected void runOnce() throws Exception {
      broken.await();
      if (failure instanceof Error error) {
        throw error;
      }
      throw (Exception) failure;
    }

    @Override
    protected void wakeUp() {
      broken.countDown();
    }

    @Override
    protected void onStop() {
      released = true;
    }
  }

  @Test
  void shouldMakeAServiceAnewThatFails() {
    // Given
    try (SupervisedService supervisor = supervisor(new IllegalStateException("out of luck"))) {
      supervisor.start();

      for (int life = 1; life <= 8; life++) {
        int count = life;
        soon().until(() -> lives.size() == count && isRunning(lives.get(count - 1)));

        // When
        lives.get(life - 1).broken.countDown();
      }

      // Then
      soon().until(() -> lives.size() == 9 && isRunning(lives.get(8)));
      assertThat(supervisor.restarts()).isEqualTo(8);
      assertThat(lives.get(0).released).isTrue();
      assertThat(notices)
          .filteredOn(notice -> notice.state() == PartNotice.State.DOWN)
          .hasSize(8)
          .allSatisfy(notice -> assertThat(notice.sentence()).contains("out of luck"));
    }
    assertThat(lives.get(8).released).isTrue();
  }

  @Test
  void shouldMakeAServiceAnewThatRanOutOfMemory() {
    // Given
    try (SupervisedService supervisor = supervisor(new OutOfMemoryError("Java heap space"))) {
      supervisor.start();
      soon().until(() -> lives.size() == 1 && isRunning(lives.get(0)));

      // When
      lives.get(0).broken.countDown();

      // Then
      soon().until(() -> lives.size() == 2 && isRunning(lives.get(1)));
    }
  }

  @Test
  void shouldMakeAServiceAnewThatCannotEvenBeClosed() {
    // Given
    Service stuck =
        new Service() {
          @Override
          public String name() {
            return "stuck";
          }

          @Override
          public void start() {}

          @Override
          public ServiceState state() {
            return ServiceState.FAILED;
          }

          @Override
          public void close() {
            throw new InternalError("no native thread");
          }
        };
    try (SupervisedService supervisor =
        new SupervisedService("part", () -> stuck, IMPATIENT, notices::add)) {

      // When
      supervisor.start();

      // Then
      soon().until(() -> supervisor.restarts() > 2);
    }
  }

  @Test
  void shouldSayThatTheConfigurationIsRefusedAndTryAgain() {
    // Given
    try (SupervisedService supervisor =
        new SupervisedService(
            "part",
            () -> {
              throw new ConfigException("histoflow.review.users is no file.");
            },
            IMPATIENT,
            notices::add)) {

      // When
      supervisor.start();

      // Then
      soon().until(() -> supervisor.restarts() > 2);
      assertThat(notices)
          .filteredOn(notice -> notice.state() == PartNotice.State.REFUSED)
          .first()
          .satisfies(
              notice ->
                  assertThat(notice.sentence())
                      .isEqualTo("histoflow.review.users is no file. (started again in 0.02 s)"));
    }
  }

  private SupervisedService supervisor(Throwable failure) {
    return new SupervisedService(
        "part",
        () -> {
          Part part = new Part(failure);
          lives.add(part);
          return part;
        },
        IMPATIENT,
        notices::add);
  }

  private static boolean isRunning(Service service) {
    return service.state() == ServiceState.RUNNING;
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(30));
  }
}
