package io.histoflow.topology.ledger;

import static io.histoflow.topology.TestRecords.background;
import static io.histoflow.topology.TestRecords.correction;
import static io.histoflow.topology.TestRecords.manifest;
import static io.histoflow.topology.TestRecords.tile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileSegmented;
import java.nio.ByteBuffer;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputCheckTest {
  @Test
  void shouldPassGoodRecords() {
    assertThatCode(
            () -> {
              InputCheck.check("s", tile("s", "t", "kidney", 0.5));
              InputCheck.check("s", background("s", "t", "kidney", 0));
              InputCheck.check("s", manifest("s", "kidney", 0));
              InputCheck.check("t", correction("s", "t"));
            })
        .doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseSegmentationsThatAreNoUse() {
    refused(() -> InputCheck.check("other", tile("s", "t", "kidney", 0.5)), "the key other");
    refused(() -> InputCheck.check(null, tile("s", "t", "kidney", 0.5)), "the key null");
    refused(() -> InputCheck.check("s", tile("s", "", "kidney", 0.5)), "tileId");
    refused(() -> InputCheck.check("s", tile("s", "a\0b", "kidney", 0.5)), "tileId", "U+0000");
    refused(() -> InputCheck.check("s", tile("s", "t", "x".repeat(300), 0.5)), "300 characters");
    refused(() -> InputCheck.check("s", tile("s", "t", "kid\0ney", 0.5)), "organ", "U+0000");
    refused(() -> InputCheck.check("s", tile("s", "t", "kidney", Double.NaN)), "tile t", "NaN");
    TileSegmented scanner = tile("s", "t", "kidney", 0.5);
    scanner.put("scanner", "a\0b");
    refused(() -> InputCheck.check("s", scanner), "scanner", "U+0000");
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
    refused(() -> InputCheck.check("t", correction("", "t")), "slideId");
    refused(() -> InputCheck.check("u", correction("s", "t")), "the key u");
    refused(() -> InputCheck.check(null, correction("s", "t")), "the key null");
    refused(() -> InputCheck.checkRemoved(null), "no key");
    refused(() -> InputCheck.checkRemoved("a\0b"), "U+0000");
    SlideScanned scan = manifest("s", "kidney", 1);
    scan.put("scanId", "x".repeat(129));
    refused(() -> InputCheck.check("s", scan), "scanId", "129");
  }

  @Test
  void shouldSpellOrgansInOneWay() {
    TileSegmented tile = tile("s", "t", "kidney", 0.5);
    tile.put("organ", " KIDNEY\t");
    assertThat(InputCheck.check("s", tile).getOrgan()).isEqualTo("kidney");
    tile.put("organ", "");
    assertThat(InputCheck.check("s", tile).getOrgan()).isEqualTo("unknown");
    assertThat(InputCheck.check("s", manifest("s", "K\u0130DNEY", 1)).getOrgan())
        .isEqualTo("kidney");
    TileSegmented same = tile("s", "t", "kidney", 0.5);
    assertThat(InputCheck.check("s", same)).isSameAs(same);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tileId",
        "scanId",
        "organ",
        "conditionedOn",
        "scanner",
        "routingScoreName",
        "modelId"
      })
  void shouldRefuseTextsThatAreTooLongOrCannotBeSeen(String field) {
    TileSegmented longText = tile("s", "t", "kidney", 0.5);
    longText.put(field, "x".repeat(9_000_000));
    refused(() -> InputCheck.check("s", longText), field, "9000000");
    for (String unseen : List.of("a\0b", "a\u200Bb", "a\u202Eb", "a\u0007b", "\uFFFD")) {
      TileSegmented hidden = tile("s", "t", "kidney", 0.5);
      hidden.put(field, unseen);
      refused(() -> InputCheck.check("s", hidden), field, "U+");
    }
  }

  @Test
  void shouldRefuseNumbersThatNoTileHas() {
    for (double scale : new double[] {0.0, -1, 25_000, 1e-9, Double.NaN, Double.MAX_VALUE}) {
      TileSegmented tile = tile("s", "t", "kidney", 0.5);
      tile.put("micronsPerPixel", scale);
      refused(() -> InputCheck.check("s", tile), "micrometres");
      SlideScanned manifest = manifest("s", "kidney", 1);
      manifest.put("micronsPerPixel", scale);
      refused(() -> InputCheck.check("s", manifest), "micrometres");
    }
    TileSegmented huge = tile("s", "t", "kidney", 0.5);
    huge.put("width", Integer.MAX_VALUE);
    refused(() -> InputCheck.check("s", huge), "2147483647");
    TileSegmented entropy = tile("s", "t", "kidney", 0.5);
    entropy.put("tailEntropy", 1e300);
    refused(() -> InputCheck.check("s", entropy), "1.0E300");
    TileSegmented ink = tile("s", "t", "kidney", 0.5);
    ink.put("inkFraction", Double.NaN);
    refused(() -> InputCheck.check("s", ink), "ink");
    TileSegmented mask = tile("s", "t", "kidney", 0.5);
    mask.put("mask", ByteBuffer.allocate(InputCheck.MOST_IMAGE_BYTES + 1));
    refused(() -> InputCheck.check("s", mask), "mask");
  }

  private static void refused(ThrowingCallable check, String... words) {
    assertThatExceptionOfType(MalformedRecordException.class)
        .isThrownBy(check)
        .satisfies(e -> assertThat(e.getMessage()).contains(words).matches("[A-Z].*"));
  }
}
