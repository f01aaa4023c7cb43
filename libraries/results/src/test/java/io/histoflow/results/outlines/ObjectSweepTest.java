package io.histoflow.results.outlines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectSweepTest {
  @Test
  void shouldFindTheObjectsThatFloodingFinds() {
    for (int seed = 0; seed < 60; seed++) {
      // Given
      boolean[][] picture = Pictures.noise(40, 30, 0.2 + 0.1 * (seed % 7), seed);
      // When
      List<PixelSet> found = new ArrayList<>();
      List<Long> counted = new ArrayList<>();
      ObjectSweep<Count> sweep =
          new ObjectSweep<>(
              Count::new,
              (pixels, count) -> {
                found.add(pixels);
                counted.add(count.pixels);
              });
      sweep(picture, sweep);
      // Then, with the traits of all its parts
      assertThat(found).containsExactlyInAnyOrderElementsOf(Pictures.objects(picture));
      assertThat(counted).containsExactlyElementsOf(found.stream().map(PixelSet::area).toList());
      assertThat(sweep.cut()).isZero();
    }
  }

  @Test
  void shouldHandOnAnObjectAsSoonAsItHasEnded() {
    // Given
    List<PixelSet> found = new ArrayList<>();
    ObjectSweep<Count> sweep = new ObjectSweep<>(Count::new, (pixels, count) -> found.add(pixels));
    // When
    sweep.add(3, 5, 7, new Count());
    sweep.add(4, 20, 21, new Count());
    sweep.add(5, 20, 21, new Count());
    // Then
    assertThat(found).containsExactly(PixelSet.of(new int[] {3, 5, 7}, 3));
  }

  @Test
  void shouldCutWhatGrowsWithoutEndIntoPiecesThatAreWhole() {
    // Given a comb that is one object
    boolean[][] picture = new boolean[200][41];
    for (int y = 0; y < picture.length; y++) {
      for (int x = 0; x < 41; x++) {
        picture[y][x] = x % 2 == 0 || y % 50 == 49;
      }
    }
    List<PixelSet> found = new ArrayList<>();
    ObjectSweep<Count> sweep =
        new ObjectSweep<>(Count::new, (pixels, count) -> found.add(pixels), 500);
    // When
    sweep(picture, sweep);
    // Then nothing is lost and each piece has one outline
    assertThat(sweep.cut()).isPositive();
    assertThat(found.stream().mapToLong(PixelSet::area).sum())
        .isEqualTo(Pictures.pixels(picture).area());
    assertThat(found).allSatisfy(piece -> assertThat(piece.size()).isLessThan(600));
    assertThat(found)
        .allSatisfy(
            piece ->
                assertThat(OutlineTracer.trace(piece).getArea()).isEqualTo((double) piece.area()));
  }

  private static void sweep(boolean[][] picture, ObjectSweep<Count> sweep) {
    PixelSet all = Pictures.pixels(picture);
    for (int i = 0; i < all.size(); i++) {
      Count count = new Count();
      count.pixels = (long) all.to(i) - all.from(i);
      sweep.add(all.row(i), all.from(i), all.to(i), count);
    }
    sweep.finish();
  }

  private static final class Count implements ObjectSweep.Traits<Count> {
    private long pixels;

    @Override
    public void add(Count other) {
      pixels += other.pixels;
    }
  }
}
