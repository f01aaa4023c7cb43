package io.histoflow.segmentation.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.GreyImage;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntropySummaryTest {

  @Test
  void shouldMapTheMeanOfEachBlock() {
    // Given: 5 x 4 pixels, the last column alone in its block.
    float[] probabilities = new float[20];
    for (int y = 0; y < 4; y++) {
      probabilities[y * 5] = 0.5f;
      probabilities[y * 5 + 4] = 0.25f;
    }

    // When
    GreyImage map = EntropySummary.of(probabilities, 5).map();

    // Then: a quarter of the first block has 1 bit; the second is all 0.811 bit.
    assertThat(map.width()).isEqualTo(2);
    assertThat(map.height()).isEqualTo(1);
    assertThat(map.at(0, 0)).isEqualTo(64);
    assertThat(map.at(1, 0)).isEqualTo(207);
  }

  @Test
  void shouldSayInOnePassWhatEachFigureAloneSays() {
    // Given: 37 x 23 pixels, most of them certain, so that neither side is a multiple of a block
    Random random = new Random(5);
    float[] probabilities = new float[37 * 23];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = (float) Math.pow(random.nextFloat(), 4);
    }

    // When
    EntropySummary summary = EntropySummary.of(probabilities, 37);

    // Then
    double sum = 0;
    double right = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double bits = Entropy.bits((double) probabilities[i]);
      sum += bits;
      right += i % 37 == 36 && i / 37 >= 20 ? bits : 0;
    }
    assertThat(summary.mean()).isCloseTo(sum / (37 * 23), within(1e-6));
    assertThat(summary.tail()).isEqualTo(Entropy.tail(probabilities));
    // The last block has one column and three rows.
    assertThat(summary.map().width()).isEqualTo(10);
    assertThat(summary.map().height()).isEqualTo(6);
    assertThat((double) summary.map().at(9, 5)).isCloseTo(255 * right / 3, within(0.51));
  }
}
