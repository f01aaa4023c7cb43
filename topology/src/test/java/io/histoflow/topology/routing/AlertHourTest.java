package io.histoflow.topology.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AlertHourTest {
  private static final long MINUTE = 60_000;

  @Test
  void shouldCountTheAlertsOfTheLastHour() {
    // Given
    AlertHour hour = new AlertHour();
    hour.moveTo(0);
    hour.add();
    hour.add();
    hour.moveTo(30 * MINUTE);
    hour.add();

    // When / Then
    assertThat(hour.count()).isEqualTo(3);
    hour.moveTo(61 * MINUTE);
    assertThat(hour.count()).isEqualTo(1);
    hour.moveTo(24 * 60 * MINUTE);
    assertThat(hour.count()).isZero();
  }

  @Test
  void shouldCountALateTileAsOfNow() {
    // Given
    AlertHour hour = new AlertHour();
    hour.moveTo(120 * MINUTE);
    hour.add();

    // When
    hour.moveTo(0);
    hour.add();

    // Then
    assertThat(hour.count()).isEqualTo(2);
    hour.moveTo(180 * MINUTE);
    assertThat(hour.count()).isEqualTo(2);
    hour.moveTo(181 * MINUTE);
    assertThat(hour.count()).isZero();
  }

  @Test
  void shouldNeverAllowMoreThanTheLimitInAnyHour() {
    for (int seed = 0; seed < 20; seed++) {
      // Given: alerts at random times, raised where fewer than 10 are an hour old
      Random random = new Random(seed);
      AlertHour hour = new AlertHour();
      List<Long> raised = new ArrayList<>();
      long time = 0;
      for (int i = 0; i < 500; i++) {
        time += random.nextInt(10) == 0 ? random.nextInt(90) * MINUTE : random.nextInt(120_000);

        // When
        hour.moveTo(time);
        if (hour.count() < 10) {
          hour.add();
          raised.add(time);
        }
      }

      // Then
      for (int i = 10; i < raised.size(); i++) {
        assertThat(raised.get(i) - raised.get(i - 10)).isGreaterThanOrEqualTo(60 * MINUTE);
      }
    }
  }

  @Test
  void shouldSurviveItsStore() {
    // Given
    AlertHour hour = new AlertHour();
    hour.moveTo(1_000_000 * MINUTE);
    hour.add();

    // When
    byte[] bytes = AlertHour.serde().serializer().serialize("t", hour);
    AlertHour read = AlertHour.serde().deserializer().deserialize("t", bytes);

    // Then
    read.moveTo(1_000_060 * MINUTE);
    assertThat(read.count()).isEqualTo(1);
    read.moveTo(1_000_061 * MINUTE);
    assertThat(read.count()).isZero();
  }
}
