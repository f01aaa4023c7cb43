package io.histoflow.results.slide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.Mask;
import io.histoflow.results.outlines.PixelSet;
import io.histoflow.schemas.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NucleiTest {
  @Test
  void shouldJoinWhatTheBordersOfTilesCut() {
    // Given a nucleus on four tiles, and one on a tile alone
    try (SlideResults slide =
        TestSlide.create()
            .tile(0, 0, "#...", "....", "...#", "...#")
            .tile(4, 0, "....", "....", "##..", "#...")
            .tile(0, 4, "...#", "....", "....", "....")
            .tile(4, 4, "#...", "....", "....", "....")
            .results()) {
      // When
      List<Nucleus> nuclei = nuclei(slide);
      // Then
      assertThat(nuclei.stream().map(Nucleus::pixels))
          .containsExactly(
              PixelSet.of(new int[] {0, 0, 1}, 3),
              PixelSet.of(new int[] {2, 3, 6, 3, 3, 5, 4, 3, 5}, 9));
    }
  }

  @Test
  void shouldGiveTheMeanEntropyOfTheNucleusPixelsInBits() {
    // Given two pixels of 51/255 and one of 204/255; the third tile has no map
    try (SlideResults slide =
        TestSlide.create()
            .add(
                TestSlide.result(0, 0, "..##", "....")
                    .setEntropyMap(TestSlide.entropy(4, 2, 51))
                    .build())
            .add(
                TestSlide.result(4, 0, "#...", "....")
                    .setEntropyMap(TestSlide.entropy(4, 2, 204))
                    .build())
            .tile(8, 0, "..#.", "....")
            .results()) {
      // When
      List<Nucleus> nuclei = nuclei(slide);
      // Then
      assertThat(nuclei.get(0).meanEntropy().orElseThrow())
          .isCloseTo((0.2 + 0.2 + 0.8) / 3, within(1e-9));
      assertThat(nuclei.get(1).meanEntropy()).isEmpty();
    }
  }

  @Test
  void shouldPutAReadersMaskInTheModelsPlaceAndSaySo() {
    // Given a tile that overlaps one that a reader corrected
    try (SlideResults slide =
        TestSlide.create()
            .tile(0, 0, "####")
            .tile(2, 0, "####")
            .tile(8, 0, "####")
            .judged(2, 0, Verdict.CORRECTED, "...#")
            .judged(8, 0, Verdict.UNUSABLE, "....")
            .results()) {
      // When
      List<Nucleus> nuclei = nuclei(slide);
      // Then, under the corrected tile nothing of the other is left
      assertThat(nuclei.stream().map(Nucleus::pixels))
          .containsExactly(
              PixelSet.of(new int[] {0, 0, 2}, 3),
              PixelSet.of(new int[] {0, 5, 6}, 3),
              PixelSet.of(new int[] {0, 8, 12}, 3));
      assertThat(nuclei.stream().map(Nucleus::verdict))
          .containsExactly("none", "corrected", "unusable");
    }
  }

  @Test
  void shouldTakeTheNewestResultOfTheManifestsScanOnly() {
    // Given
    try (SlideResults slide =
        TestSlide.scanned("scan-2", 3)
            .add(TestSlide.result(0, 0, "#.").setScanId("scan-2").setModelVersion(2).build())
            .add(TestSlide.result(0, 0, ".#").setScanId("scan-2").setModelVersion(1).build())
            .add(TestSlide.result(2, 0, "##").setScanId("scan-1").build())
            .results()) {
      // Then
      assertThat(nuclei(slide).stream().map(Nucleus::pixels))
          .containsExactly(PixelSet.of(new int[] {0, 0, 1}, 3));
      assertThat(nuclei(slide).get(0).modelVersion()).isEqualTo(2);
      assertThat(slide.missing()).contains(2);
    }
  }

  @Test
  void shouldPlaceTilesOfACoarserLevelOnThatLevelsCanvas() {
    // Given
    try (SlideResults slide =
        TestSlide.create()
            .add(TestSlide.result(0, 0, "..#").setDownsample(4).build())
            .add(TestSlide.result(12, 0, "#..").setDownsample(4).build())
            .results()) {
      // Then
      assertThat(slide.downsample()).isEqualTo(4);
      assertThat(nuclei(slide).stream().map(Nucleus::pixels))
          .containsExactly(PixelSet.of(new int[] {0, 2, 4}, 3));
    }
  }

  @Test
  void shouldLeaveOutAndCountWhatCannotBeUsed() {
    try (SlideResults slide =
        TestSlide.create()
            .tile(0, 0, "##")
            .add(TestSlide.result(2, 0, "##").setDownsample(Double.NaN).build())
            .add(
                TestSlide.result(4, 0, "##").setMask(ByteBuffer.wrap(new byte[] {1, 2, 3})).build())
            .results()) {
      assertThat(nuclei(slide)).hasSize(1);
      assertThat(slide.unusable()).isEqualTo(2);
    }
  }

  @Test
  void shouldRefuseTilesThatMakeNoOnePicture() {
    assertThatThrownBy(() -> TestSlide.create().results())
        .isInstanceOf(SlideException.class)
        .hasMessageContaining("No slide slide-1 is known here");
    assertThatThrownBy(
            () ->
                TestSlide.create()
                    .tile(0, 0, "##")
                    .add(TestSlide.result(0, 0, "##").setTileId("other/0/0").build())
                    .results())
        .hasMessageContaining("several images");
    assertThatThrownBy(
            () ->
                TestSlide.create()
                    .tile(0, 0, "##")
                    .add(TestSlide.result(8, 0, "##").setDownsample(2).build())
                    .results())
        .hasMessageContaining("different levels");
  }

  @Test
  void shouldShowOfATileWhatTheCanvasHoldsUnderIt() {
    // Given random tiles that overlap
    Random random = new Random(7);
    TestSlide made = TestSlide.create();
    byte[] canvas = new byte[40 * 40];
    for (int y = 0; y <= 24; y += 12) {
      for (int x = 0; x <= 24; x += 12) {
        byte[] values = new byte[16 * 16];
        for (int i = 0; i < values.length; i++) {
          values[i] = (byte) (random.nextInt(3) == 0 ? 1 : 0);
          canvas[(y + i / 16) * 40 + x + i % 16] |= values[i];
        }
        made.add(TestSlide.result(x, y, Mask.of(16, 16, values)).build());
      }
    }
    // Then
    try (SlideResults slide = made.results()) {
      Mask whole = Mask.of(40, 40, canvas);
      assertThat(slide.tiles())
          .hasSize(9)
          .allSatisfy(
              tile ->
                  assertThat(slide.under(tile))
                      .isEqualTo(whole.crop(tile.left(), tile.top(), 16, 16)));
      assertThat(nuclei(slide).stream().mapToLong(nucleus -> nucleus.pixels().area()).sum())
          .isEqualTo(whole.positivePixels());
    }
  }

  private static List<Nucleus> nuclei(SlideResults slide) {
    List<Nucleus> all = new ArrayList<>();
    assertThat(Nuclei.forEach(slide, all::add)).isZero();
    return all;
  }
}
