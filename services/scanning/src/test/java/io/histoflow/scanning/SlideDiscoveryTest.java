package io.histoflow.scanning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.histoflow.scanning.SlideDiscovery.Discovery;
import io.histoflow.scanning.image.SlideImage;
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
  void shouldFindADicomSlideWhoseFilesHaveIdentifiersForNames() throws Exception {
    // Given: two levels as an archive writes them, and a file that only looks like one
    Path dicom = Path.of(getClass().getResource("image/dicom-j2k").toURI());
    Files.copy(dicom.resolve("level1.dcm"), dir.resolve("1.2.840.17.1"));
    Files.copy(dicom.resolve("level0.dcm"), dir.resolve("1.2.840.17.2"));
    touch("IM0001");

    // When
    Discovery found = SlideDiscovery.of(ScanRequest.of("lung", dir));

    // Then: the larger level stands for the slide, which has the other
    assertThat(found.slides()).extracting(SlideSource::slideId).containsExactly("1.2.840.17.2");
    assertThat(found.notes()).singleElement().asString().contains("IM0001");
    try (SlideImage slide = SlideImage.open(dir.resolve("1.2.840.17.2"))) {
      assertThat(slide.levels()).hasSize(2);
    }
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
    Discovery found = SlideDiscovery.of(ofNoOrgan(dir));

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
    assertThatThrownBy(() -> SlideDiscovery.of(ofNoOrgan(dir.resolve("a.png"))))
        .isInstanceOf(ScanException.class)
        .hasMessageContaining("a.png")
        .hasMessageContaining("--organ");
  }

  @Test
  void shouldNameASlideByItsOwnFileOnlyAndRefuseBothOfTwoThatAreCalledTheSame() throws Exception {
    // Given
    touch("p1/HE_2.png", "p2/HE_2.jpg", "p2/HE_3.png");

    // When
    Discovery found = SlideDiscovery.of(ScanRequest.of("lung", path("p1"), path("p2")));

    // Then: which HE_2 is meant nobody can say, and nobody else suffers
    assertThat(found.slides()).extracting(SlideSource::slideId).containsExactly("HE_3");
    assertThat(found.failures())
        .extracting(ScanFailure::sentence)
        .satisfiesExactly(
            one -> assertThat(one).startsWith(path("p1/HE_2.png") + ": ").contains("p2/HE_2.jpg"),
            two -> assertThat(two).startsWith(path("p2/HE_2.jpg") + ": ").contains("p1/HE_2.png"))
        .allSatisfy(sentence -> assertThat(sentence).contains("--id-from path"));
  }

  @Test
  void shouldPutFoldersBeforeTheNameWhereAsked() throws Exception {
    // Given
    touch("p1/HE_2.png", "p2/deep/HE_2.png");

    // When, Then: the same, whether the file, its folder or the folder above is named
    assertThat(idsFrom(IdSource.PATH, path("p1"), path("p2")))
        .containsExactly("p1/HE_2", "p2/deep/HE_2");
    assertThat(idsFrom(IdSource.PATH, path("p1/HE_2.png"))).containsExactly("p1/HE_2");
    assertThat(idsFrom(IdSource.PATH, path("p1/."))).containsExactly("p1/HE_2");
    assertThat(idsFrom(IdSource.PATH, dir))
        .containsExactly(dir.getFileName() + "/p1/HE_2", dir.getFileName() + "/p2/deep/HE_2");
  }

  @Test
  void shouldTakeIdsFromTheContentWhereAsked() throws Exception {
    // Given
    Files.writeString(path("a.png"), "one");
    Files.writeString(path("b.png"), "two");
    Files.writeString(path("c.png"), "one");

    // When
    Discovery found =
        SlideDiscovery.of(
            new ScanRequest(
                List.of(dir), Optional.of("lung"), Optional.empty(), IdSource.HASH, false, false));

    // Then
    assertThat(found.slides())
        .extracting(SlideSource::slideId)
        .containsExactly("3fc4ccfe745870e2c0d99f71f30ff065");
    assertThat(found.failures())
        .hasSize(2)
        .allSatisfy(failure -> assertThat(failure.reason()).contains("the same content"));
  }

  @Test
  void shouldKnowANameHoweverItsAccentsAreWritten() throws Exception {
    // Given: an a with a combining diaeresis, and the composed letter
    touch("one/Pra\u0308parat.png", "two/Pr\u00e4parat.png", "two/病理切片_003.png");

    // When
    Discovery apart = SlideDiscovery.of(ScanRequest.of("lung", path("one")));
    Discovery both = SlideDiscovery.of(ScanRequest.of("lung", path("one"), path("two")));

    // Then
    assertThat(apart.slides()).extracting(SlideSource::slideId).containsExactly("Pr\u00e4parat");
    assertThat(apart.notes()).singleElement().asString().contains("NFC");
    assertThat(both.slides()).extracting(SlideSource::slideId).containsExactly("病理切片_003");
    assertThat(both.failures()).hasSize(2);
  }

  @Test
  void shouldPassOverNothingInSilence() throws Exception {
    // Given
    touch("a.png", "Thumbs.db", ".hidden.jpg", "sub/b.png", "sub2/c.png", "sub3/d.png", "e/f.png");
    Files.createSymbolicLink(path("dangling.jpg"), path("gone.jpg"));
    Files.createSymbolicLink(path("loop"), dir);

    // When
    Discovery found = SlideDiscovery.of(ScanRequest.of("lung", dir, path("none.png")));

    // Then
    assertThat(found.slides()).extracting(SlideSource::slideId).containsExactly("a");
    assertThat(found.failures())
        .extracting(ScanFailure::sentence)
        .satisfiesExactly(
            link -> assertThat(link).contains("dangling.jpg: it is a link that leads to no file"),
            none -> assertThat(none).contains("none.png: there is no such file"));
    assertThat(found.notes())
        .containsExactly(
            dir
                + ": 5 subfolders were not read (e, loop, sub, ...): name them, or give"
                + " --recursive.",
            dir
                + ": 2 hidden files or files with no image's ending were not read (.hidden.jpg,"
                + " Thumbs.db): name those that are images.");
  }

  @Test
  void shouldReadFoldersInFoldersWhereAskedAndFollowNoLinkInACircle() throws Exception {
    // Given
    touch("a.png", "sub/b.png", "sub/deep/c.png", "set/kidney/images/d.png");
    touch("set/kidney/masks/d.png", "set/e.png");
    Files.createSymbolicLink(path("sub/loop"), dir);

    // When
    Discovery found =
        SlideDiscovery.of(
            new ScanRequest(
                List.of(dir), Optional.of("lung"), Optional.empty(), IdSource.NAME, true, false));

    // Then: masks are no slides
    assertThat(found.slides())
        .extracting(SlideSource::slideId)
        .containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(found.failures()).isEmpty();
    assertThat(found.notes())
        .satisfiesExactly(
            loop -> assertThat(loop).contains("1 link to a folder was not read (sub/loop)"),
            beside -> assertThat(beside).contains("1 image beside a data set's was not read"));
  }

  @Test
  void shouldRefuseNamesThatNobodySeesAndGoOn() throws Exception {
    // Given
    touch("new\nline.png", "right\u202eleft.png", "zero\u200bwidth.png", "good.png");
    touch("x".repeat(201) + ".png");

    // When
    Discovery found = SlideDiscovery.of(ScanRequest.of("lung", dir));

    // Then
    assertThat(found.slides()).extracting(SlideSource::slideId).containsExactly("good");
    assertThat(found.failures())
        .hasSize(4)
        .extracting(ScanFailure::sentence)
        .allSatisfy(sentence -> assertThat(sentence).contains("--slide").hasLineCount(1))
        .anySatisfy(sentence -> assertThat(sentence).contains("U+200B"));
    assertThatThrownBy(() -> ScanRequest.of("kid\u200bney", dir))
        .isInstanceOf(ScanException.class)
        .hasMessageContaining("U+200B");
  }

  @Test
  void shouldNameAFileWhoseNameIsNoUtf8AndGoOn() throws Exception {
    // Given: Präparat.png as Latin-1 writes it; Java cannot make such a name
    touch("good.png");
    Process shell =
        new ProcessBuilder("bash", "-c", "touch $'Pr\\xe4parat.png'")
            .directory(dir.toFile())
            .start();
    assumeThat(shell.waitFor()).isZero();

    // When
    Discovery found = SlideDiscovery.of(ScanRequest.of("lung", dir));

    // Then
    assertThat(found.slides()).extracting(SlideSource::slideId).containsExactly("good");
    assertThat(found.failures())
        .singleElement()
        .extracting(ScanFailure::reason)
        .asString()
        .contains("no UTF-8", "--id-from hash");
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
    assertThat(found.failures().get(0).reason()).isEqualTo("the folder holds no images");
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

  private static List<String> idsFrom(IdSource source, Path... paths) {
    Discovery found =
        SlideDiscovery.of(
            new ScanRequest(
                List.of(paths), Optional.of("lung"), Optional.empty(), source, true, false));
    assertThat(found.failures()).isEmpty();
    return found.slides().stream().map(SlideSource::slideId).toList();
  }

  private Path path(String name) {
    return dir.resolve(name);
  }

  private void touch(String... names) throws IOException {
    for (String name : names) {
      Path file = dir.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  private static ScanRequest ofNoOrgan(Path path) {
    return new ScanRequest(List.of(path), Optional.empty(), Optional.empty());
  }
}
