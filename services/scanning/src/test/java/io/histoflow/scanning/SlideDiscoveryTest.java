package io.histoflow.scanning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.scanning.SlideDiscovery.Discovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlideDiscoveryTest {

  @TempDir Path dir;

  @Test
  void shouldMakeEachImageOfAFolderASlide() throws Exception {
    // Given
    touch("b.JPG", "a.png", "notes.txt", ".hidden.png", "c.svs");

    // When
    Discovery found = SlideDiscovery.of(ScanRequest.of("Kidney", dir));

    // Then
    assertThat(found.slides()).extracting(SlideSource::slideId).containsExactly("a", "b", "c");
    assertThat(found.slides()).extracting(SlideSource::organ).containsOnly("kidney");
    assertThat(found.failures()).isEmpty();
  }

  @Test
  void shouldTakeTheOrganFromTheFoldersOfADataset() throws Exception {
    // Given: both layouts, and masks that do not matter to a scanner
    touch(
        "breast/images/x.png",
        "breast/masks/x.png",
        "human bladder/tissue images/y.png",
        "Human Kidney/tissue images/z.png");

    // When
    Discovery found = SlideDiscovery.of(ScanRequest.ofDatasets(dir));

    // Then
    assertThat(found.slides())
        .extracting(s -> s.organ() + " " + s.slideId())
        .containsExactlyInAnyOrder("breast x", "bladder y", "kidney z");
  }

  @Test
  void shouldPreferTheOrganThatTheRequestNames() throws Exception {
    // Given
    touch("breast/images/x.png");

    // When
    Discovery found = SlideDiscovery.of(ScanRequest.of("lung", dir));

    // Then
    assertThat(found.slides().get(0).organ()).isEqualTo("lung");
  }

  @Test
  void shouldAskForAnOrganThatNothingNames() throws Exception {
    // Given
    touch("a.png");

    // When, Then
    assertThatThrownBy(() -> SlideDiscovery.of(ScanRequest.ofDatasets(dir.resolve("a.png"))))
        .isInstanceOf(ScanException.class)
        .hasMessageContaining("a.png")
        .hasMessageContaining("--organ");
  }

  @Test
  void shouldTellSlidesOfTheSameNameApartByOrgan() throws Exception {
    // Given
    touch("colon/images/1.png", "lung/images/1.png", "lung/images/2.png");

    // When
    Discovery found = SlideDiscovery.of(ScanRequest.ofDatasets(dir));

    // Then
    assertThat(found.slides())
        .extracting(SlideSource::slideId)
        .containsExactly("colon-1", "lung-1", "2");
  }

  @Test
  void shouldReportASlideThatWouldReplaceAnother() throws Exception {
    // Given
    touch("p/1.png", "q/1.png");

    // When
    Discovery found = SlideDiscovery.of(ScanRequest.of("lung", dir.resolve("p"), dir.resolve("q")));

    // Then
    assertThat(found.slides()).hasSize(1);
    assertThat(found.failures()).hasSize(1);
    assertThat(found.failures().get(0).reason()).contains("lung-1").contains("--slide");
  }

  @Test
  void shouldGatherAllImagesIntoTheNamedSlide() throws Exception {
    // Given
    touch("1.png", "2.png");

    // When
    Discovery found =
        SlideDiscovery.of(new ScanRequest(List.of(dir), Optional.of("lung"), Optional.of("S-77")));

    // Then
    assertThat(found.slides()).hasSize(1);
    assertThat(found.slides().get(0).slideId()).isEqualTo("S-77");
    assertThat(found.slides().get(0).images()).hasSize(2);
  }

  @Test
  void shouldReportAnEmptyFolderAndGoOn() throws Exception {
    // Given
    Files.createDirectory(dir.resolve("empty"));
    touch("a.png");

    // When
    Discovery found =
        SlideDiscovery.of(ScanRequest.of("lung", dir.resolve("empty"), dir.resolve("a.png")));

    // Then
    assertThat(found.slides()).hasSize(1);
    assertThat(found.failures().get(0).reason())
        .isEqualTo(dir.resolve("empty") + ": the folder holds no images");
  }

  @Test
  void shouldRefuseAnEmptyOrganAndAnEmptySlideId() {
    assertThatThrownBy(() -> ScanRequest.of(" ", dir))
        .isInstanceOf(ScanException.class)
        .hasMessageContaining("unknown");
    assertThatThrownBy(
            () -> new ScanRequest(List.of(dir), Optional.of("lung"), Optional.of("a\nb")))
        .isInstanceOf(ScanException.class)
        .hasMessageContaining("--slide");
  }

  private void touch(String... names) throws IOException {
    for (String name : names) {
      Path file = dir.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }
}
