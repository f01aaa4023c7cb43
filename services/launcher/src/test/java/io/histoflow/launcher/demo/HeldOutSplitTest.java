package io.histoflow.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HeldOutSplitTest {
  private record Image(String organ, String patient, int number) {}

  @Test
  void shouldKeepThePatientsOfAnOrganTogether() {
    // Given
    List<Image> images = images(3, 9, 4);

    // When
    Set<Image> heldOut = HeldOutSplit.choose(images, Image::organ, Image::patient);

    // Then
    Set<String> heldOutPatients =
        heldOut.stream().map(i -> i.organ() + i.patient()).collect(Collectors.toSet());
    assertThat(images)
        .filteredOn(i -> heldOutPatients.contains(i.organ() + i.patient()))
        .containsExactlyInAnyOrderElementsOf(heldOut);
  }

  @Test
  void shouldHoldOutAboutHalfOfEachOrgan() {
    // Given
    List<Image> images = images(3, 9, 4);

    // When
    Set<Image> heldOut = HeldOutSplit.choose(images, Image::organ, Image::patient);

    // Then
    assertThat(heldOut.stream().collect(Collectors.groupingBy(Image::organ, Collectors.counting())))
        .hasSize(3)
        .allSatisfy((organ, count) -> assertThat(count).isBetween(16L, 20L));
  }

  @Test
  void shouldNotDependOnTheOrderOfTheImages() {
    // Given
    List<Image> images = images(3, 9, 4);
    List<Image> shuffled = new ArrayList<>(images);
    Collections.shuffle(shuffled, new Random(1));

    // When
    Set<Image> one = HeldOutSplit.choose(images, Image::organ, Image::patient);
    Set<Image> other = HeldOutSplit.choose(shuffled, Image::organ, Image::patient);

    // Then
    assertThat(other).isEqualTo(one);
  }

  private static List<Image> images(int organs, int patients, int each) {
    List<Image> images = new ArrayList<>();
    for (int o = 0; o < organs; o++) {
      for (int p = 0; p < patients; p++) {
        for (int i = 0; i < each; i++) {
          images.add(new Image("organ-" + o, "patient-" + p, i));
        }
      }
    }
    return images;
  }
}
