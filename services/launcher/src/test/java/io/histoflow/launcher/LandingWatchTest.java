package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.scanning.ScanException;
import io.histoflow.scanning.ScanFailure;
import io.histoflow.scanning.ScanSummary;
import io.histoflow.scanning.WatchedFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandingWatchTest {
  private static final Duration SETTLED = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private final List<String> scanned = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-31T08:00:00Z");
  private boolean brokersAnswer = true;

  @Test
  void shouldTakeASlideOnceWhenItHasStoppedGrowing() throws IOException {
    // Given
    LandingWatch watch = watch();
    write("a.svs", "half");
    look(watch);
    later(9);
    write("a.svs", "half and more");
    look(watch);
    later(9);
    look(watch);
    assertThat(scanned).isEmpty();

    // When
    later(1);
    look(watch);
    later(60);
    look(watch);
    // Then, once, and not by the next watch either
    assertThat(scanned).containsExactly("a.svs");
    LandingWatch next = watch();
    look(next);
    later(60);
    look(next);
    assertThat(scanned).containsExactly("a.svs");
    assertThat(Files.readString(folder.resolve(WatchedFolder.MARKS))).contains("scanned, 7 tiles");
  }

  @Test
  void shouldTakeASlideAnewThatWasWrittenAnew() throws IOException {
    // Given
    LandingWatch watch = watch();
    write("a.svs", "one");
    settle(watch);
    // When
    write("a.svs", "another");
    settle(watch);
    // Then
    assertThat(scanned).containsExactly("a.svs", "a.svs");
  }

  @Test
  void shouldWaitForTheFolderThatBelongsToASlide() throws IOException {
    // Given
    LandingWatch watch = watch();
    write("a.mrxs", "index");
    Files.createDirectory(folder.resolve("a"));
    look(watch);
    later(9);
    write("a/Data0001.dat", "pixels");
    look(watch);
    later(9);
    look(watch);
    assertThat(scanned).isEmpty();
    // When
    later(1);
    look(watch);
    // Then
    assertThat(scanned).containsExactly("a.mrxs");
  }

  @Test
  void shouldMarkWhatCannotBeScannedWithItsReasonAndGoOn() throws IOException {
    // Given
    LandingWatch watch = watch();
    write("bad.svs", "x");
    write("good.svs", "x");
    write("notes.txt", "x");
    // When
    settle(watch);
    settle(watch);
    // Then
    assertThat(scanned).containsExactly("bad.svs", "good.svs");
    assertThat(Files.readAllLines(folder.resolve(WatchedFolder.MARKS)))
        .hasSize(2)
        .anyMatch(line -> line.contains("bad.svs\tfailed: ") && line.contains("it is no slide"));
  }

  @Test
  void shouldWaitForTheBrokersAndTakeTheSlideThen() throws IOException {
    // Given
    LandingWatch watch = watch();
    write("a.svs", "x");
    look(watch);
    later(10);
    brokersAnswer = false;
    // When / Then
    assertThat(look(watch)).isEqualTo(Duration.ofSeconds(30));
    assertThat(said).singleElement().asString().contains("a.svs waits: no brokers");
    brokersAnswer = true;
    look(watch);
    assertThat(scanned).containsExactly("a.svs");
  }

  @Test
  void shouldKeepTheMarksOfAFolderThatCannotBeWrittenElsewhere() {
    // Given: pictures that Java brings along
    Path icons =
        FileSystems.getFileSystem(URI.create("jrt:/"))
            .getPath("/modules/java.desktop/javax/swing/plaf/metal/icons/ocean");

    // When: two watches, one after the other
    settle(new LandingWatch(watched(icons)));
    int pictures = scanned.size();
    settle(new LandingWatch(watched(icons)));

    // Then
    assertThat(pictures).isPositive();
    assertThat(scanned).hasSize(pictures);
    assertThat(watched(icons).marks()).hasParent(folder).isNotEmptyFile();
  }

  @Test
  void shouldRefuseWhatIsNoFolder() {
    assertThatThrownBy(() -> watched(folder.resolve("none")))
        .isInstanceOf(ScanException.class)
        .hasMessageContaining("is no folder");
  }

  private LandingWatch watch() {
    return new LandingWatch(watched(folder));
  }

  private WatchedFolder watched(Path watched) {
    return new WatchedFolder(watched, false, SETTLED, () -> now, folder);
  }

  private void settle(LandingWatch watch) {
    look(watch);
    later(10);
    look(watch);
  }

  private Duration look(LandingWatch watch) {
    return watch.look(this::scan, said::add);
  }

  private ScanSummary scan(Path slide) {
    if (!brokersAnswer) {
      throw new ScanException("no brokers.");
    }
    String name = slide.getFileName().toString();
    scanned.add(name);
    List<ScanFailure> failures =
        name.startsWith("bad") ? List.of(new ScanFailure(slide, "it is no slide")) : List.of();
    return new ScanSummary(1, 7, 0, 0, failures, List.of());
  }

  private void later(int seconds) {
    now = now.plusSeconds(seconds);
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(now));
  }
}
