package io.histoflow.loadtests.topology;

import io.histoflow.loadtests.measuring.SyntheticOrgan;
import io.histoflow.schemas.TileSegmented;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Synthetic results of tiles, slide after slide; their masks are random bytes. */
final class SegmentedTiles {
  private final TopologyBenchSettings settings;
  private final Random random;
  private final List<SyntheticOrgan> organs = new ArrayList<>();
  private double[] slide = {0, 0};

  SegmentedTiles(TopologyBenchSettings settings) {
    this.settings = settings;
    this.random = new Random(settings.seed());
    for (int i = 0; i < settings.organs(); i++) {
      organs.add(new SyntheticOrgan(i, false, random));
    }
  }

  /** Draws the tiles in order: number 0, 1, ... */
  TileSegmented next(int number) {
    int slideNumber = number / settings.tilesPerSlide();
    int place = number % settings.tilesPerSlide();
    if (place == 0) {
      slide = SyntheticOrgan.slide(random);
    }
    SyntheticOrgan organ = organs.get(slideNumber % organs.size());
    SyntheticOrgan.Figures figures = organ.tile(slide, false, false, random);
    return organ
        .segmented("slide-" + slideNumber + "/" + place, "slide-" + slideNumber, number, figures)
        .setX(SyntheticOrgan.EDGE * place)
        .setMicronsPerPixel(0.25)
        .setMask(bytes(settings.maskBytes() / 2))
        .setEntropyMap(bytes(settings.maskBytes() - settings.maskBytes() / 2))
        .build();
  }

  private ByteBuffer bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }
}
