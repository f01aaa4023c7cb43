package io.histoflow.topology.ledger;

import static io.histoflow.topology.TestRecords.background;
import static io.histoflow.topology.TestRecords.correction;
import static io.histoflow.topology.TestRecords.manifest;
import static io.histoflow.topology.TestRecords.tile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.TileSegmented;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class InputCheckTest {
  @Test
  void shouldPassGoodRecords() {
    assertThatCode(
            () -> {
              InputCheck.check("s", tile("s", "t", "kidney", 0.5));
              InputCheck.check("s", background("s", "t", "kidney", 0));
              InputCheck.check("s", manifest("s", "kidney", 0));
              InputCheck.check(correction("s", "t"));
            })
        .doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseSegmentationsThatAreNoUse() {
    refused(() -> InputCheck.check("other", tile("s", "t", "kidney", 0.5)), "the key other");
    refused(() -> InputCheck.check(null, tile("s", "t", "kidney", 0.5)), "the key null");
    refused(() -> InputCheck.check("s", tile("s", "", "kidney", 0.5)), "tileId");
    refused(() -> InputCheck.check("s", tile("s", "a\0b", "kidney", 0.5)), "tileId", "NUL");
    refused(() -> InputCheck.check("s", tile("s", "t", "x".repeat(300), 0.5)), "300 characters");
    refused(() -> InputCheck.check("s", tile("s", "t", "kid\0ney", 0.5)), "organ", "NUL");
    refused(() -> InputCheck.check("s", tile("s", "t", "kidney", Double.NaN)), "tile t", "NaN");
    TileSegmented scanner = tile("s", "t", "kidney", 0.5);
    scanner.put("scanner", "a\0b");
    refused(() -> InputCheck.check("s", scanner), "scanner", "NUL");
    refused(() -> InputCheck.check("s", tile("s", "t", "kidney", 0.5, -1)), "version -1");
    TileSegmented empty = tile("s", "t", "kidney", 0.5);
    empty.put("width", 0);
    refused(() -> InputCheck.check("s", empty), "0 x 50");
    TileSegmented over = tile("s", "t", "kidney", 0.5);
    over.put("positiveFraction", 1.5);
    refused(() -> InputCheck.check("s", over), "1.5");
    TileSegmented positive = background("s", "t", "kidney", 0);
    positive.put("positiveFraction", 0.1);
    refused(() -> InputCheck.check("s", positive), "background", "0.1");
    TileSegmented noEntropy = tile("s", "t", "kidney", 0.5);
    noEntropy.put("meanEntropy", Double.NaN);
    refused(() -> InputCheck.check("s", noEntropy), "NaN");
    TileSegmented noScale = tile("s", "t", "kidney", 0.5);
    noScale.put("micronsPerPixel", 0.0);
    refused(() -> InputCheck.check("s", noScale), "0.0 micrometres");
  }

  @Test
  void shouldRefuseManifestsAndCorrectionsThatAreNoUse() {
    refused(() -> InputCheck.check("s", manifest("s", "kidney", -1)), "-1 tiles");
    refused(() -> InputCheck.check("s", manifest("t", "kidney", 1)), "the key s");
    refused(() -> InputCheck.check(correction("", "t")), "slideId");
  }

  private static void refused(ThrowingCallable check, String... words) {
    assertThatExceptionOfType(MalformedRecordException.class)
        .isThrownBy(check)
        .satisfies(e -> assertThat(e.getMessage()).contains(words).matches("[A-Z].*"));
  }
}
