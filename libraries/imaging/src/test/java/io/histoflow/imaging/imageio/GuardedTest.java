package io.histoflow.imaging.imageio;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.ImageRejectedException;
import java.io.EOFException;
import org.junit.jupiter.api.Test;

class GuardedTest {

  @Test
  void shouldMakeWantOfMemoryTheRefusalOfTheOneImage() {
    assertThatThrownBy(
            () ->
                Guarded.decoding(
                    "the TIFF",
                    () -> {
                      throw new OutOfMemoryError("Java heap space");
                    }))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageStartingWith("the TIFF needs more memory")
        .hasMessageContaining("cut it into smaller tiles");
  }

  @Test
  void shouldSayWhatToDoWithAFileThatContradictsItself() {
    assertThatThrownBy(
            () ->
                Guarded.decoding(
                    "the JPEG",
                    () -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("its structure contradicts itself")
        .hasMessageContaining("save it anew");
    assertThatThrownBy(
            () ->
                Guarded.decoding(
                    "the JPEG",
                    () -> {
                      throw new EOFException();
                    }))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("cut off");
  }
}
