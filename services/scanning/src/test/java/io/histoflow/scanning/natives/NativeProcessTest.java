package io.histoflow.scanning.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.jpeg2000.Jpeg2000Header;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class NativeProcessTest {

  private static final Job JOB = new Job.Jpeg2000(new byte[16], 8, 8, 3);

  @Test
  void shouldRefuseTheJobOnWhichTheProcessEndsAndDoTheNext() throws Exception {
    // Given: a process that ends on codestreams that begin with a zero
    try (NativeProcess process =
        new NativeProcess(Duration.ofMinutes(1), NativeProcess.command(Fragile.class))) {
      // When, Then
      assertThatThrownBy(() -> process.run(JOB, "a tile", 100))
          .isInstanceOf(ImageRejectedException.class)
          .hasMessage("the native decoder ended on a tile, which is damaged");
      byte[] sound = {1, 2, 3};
      assertThat(process.run(new Job.Jpeg2000(sound, 8, 8, 3), "a tile", 100))
          .isEqualTo(new byte[] {1, 2, 3});
    }
  }

  @Test
  void shouldServeSeveralThreadsEachByAProcessThatMayEndAlone() throws Exception {
    // Given: two threads, one of whose jobs ends its process
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (NativeProcess process =
        new NativeProcess(Duration.ofMinutes(1), NativeProcess.command(Fragile.class))) {
      // When
      List<Future<byte[]>> answers = new ArrayList<>();
      for (byte i = 0; i < 6; i++) {
        byte[] codestream = {(byte) (i == 2 ? 0 : 1), i};
        answers.add(
            threads.submit(
                () -> process.run(new Job.Jpeg2000(codestream, 8, 8, 3), "a tile", 100)));
      }

      // Then: every answer is that of its own job
      for (byte i = 0; i < 6; i++) {
        Future<byte[]> answer = answers.get(i);
        if (i == 2) {
          assertThatThrownBy(answer::get).hasMessageContaining("ended on a tile");
        } else {
          assertThat(answer.get()).isEqualTo(new byte[] {1, i});
        }
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void shouldGiveUpASlideOnWhichTheProcessEndsAgainAndAgain() {
    try (NativeProcess process =
        new NativeProcess(Duration.ofMinutes(1), Arrays.asList("/bin/sh", "-c", "exit 1"))) {
      for (int i = 0; i < 16; i++) {
        assertThatThrownBy(() -> process.run(JOB, "a tile", 100)).hasMessageContaining("ended");
      }
      assertThatThrownBy(() -> process.run(JOB, "a tile", 100))
          .isInstanceOf(ImageRejectedException.class)
          .hasMessageContaining("has ended 16 times on this file");
    }
  }

  @Test
  void shouldEndAProcessThatDoesNotAnswer() {
    try (NativeProcess process =
        new NativeProcess(Duration.ofMillis(200), Arrays.asList("/bin/sh", "-c", "read never"))) {
      assertThatThrownBy(() -> process.run(JOB, "a tile", 100))
          .isInstanceOf(ImageRejectedException.class)
          .hasMessageContaining("takes longer than");
    }
  }

  @Test
  void shouldSayWhereNoProcessCanBeStarted() {
    try (NativeProcess process =
        new NativeProcess(Duration.ofMinutes(1), Arrays.asList("/there/is/no/java"))) {
      assertThatThrownBy(() -> process.run(JOB, "a tile", 100))
          .isInstanceOf(ImageRejectedException.class)
          .hasMessageContaining("cannot be started");
    }
  }

  @Test
  void shouldDecodeByTheOpenJpegOfTheJar() throws Exception {
    // Given: the exports that the jar's library has by chance
    byte[] codestream = Codestreams.first();
    Jpeg2000Header header = Jpeg2000Header.of(codestream, ImageLimits.forTiles());

    // When
    byte[] ofJar = OpenJpeg.ofJar().decode(codestream, header.width(), header.height(), 3);

    // Then
    try (NativeProcess process = new NativeProcess()) {
      assertThat(new Jpeg2000Process(process).decode(codestream, header)).isEqualTo(ofJar);
    }
  }

  /** Answers with the codestream, or ends as a crash does. */
  static final class Fragile {
    private Fragile() {}

    public static void main(String[] arguments) throws IOException {
      DataInputStream in = new DataInputStream(System.in);
      while (!in.readUTF().isEmpty()) {
        byte[] codestream = Job.Jpeg2000.read(in).codestream();
        if (codestream[0] == 0) {
          Runtime.getRuntime().halt(134);
        }
        System.out.write(NativeWorker.DONE);
        System.out.write(new byte[] {0, 0, 0, (byte) codestream.length});
        System.out.write(codestream);
        System.out.flush();
      }
    }
  }
}
