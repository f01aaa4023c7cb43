package io.histoflow.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class SentencesTest {

  @Test
  void shouldPassOverWrappersThatSayNothingNew() {
    // Given
    Throwable wrapped =
        new ExecutionException(new IllegalStateException(new IOException("The disk is full.")));

    // Then
    assertThat(Sentences.of(wrapped)).isEqualTo("The disk is full.");
  }

  @Test
  void shouldPreferTheOuterMessageWhereItSaysMore() {
    // Given
    Throwable wrapped =
        new IllegalStateException("The model cannot be saved.", new IOException("disk full"));

    // Then
    assertThat(Sentences.of(wrapped)).isEqualTo("The model cannot be saved.");
  }

  @Test
  void shouldFitOnOneLine() {
    // Then
    assertThat(Sentences.of(new IOException(" first\n  second\r\nthird ")))
        .isEqualTo("first second third");
  }

  @Test
  void shouldNameTheTypeWhereNobodySaysAnything() {
    // Then
    assertThat(Sentences.of(new IllegalStateException(new OutOfMemoryError())))
        .isEqualTo("IllegalStateException");
  }
}
