package io.histoflow.loadtests.topology;

import io.histoflow.loadtests.measuring.SyntheticOrgan;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Synthetic results of tiles, slide after slide; their masks are random bytes. */
final class SegmentedTiles {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int EDGE = 256;

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
    return TileSegmented.newBuilder()
        .setTileId("slide-" + slideNumber + "/" + place)
        .setSlideId("slide-" + slideNumber)
        .setOrgan(organ.name())
        .setConditionedOn("unknown")
        .setX(EDGE * place)
        .setY(0)
        .setWidth(EDGE)
        .setHeight(EDGE)
        .setMicronsPerPixel(0.25)
        .setMask(bytes(settings.maskBytes() / 2))
        .setEntropyMap(bytes(settings.maskBytes() - settings.maskBytes() / 2))
        .setMaskThreshold(0.3)
        .setMeanEntropy(figures.meanEntropy())
        .setTailEntropy(1)
        .setRoutingScore(figures.score())
        .setRoutingScoreName("positive-entropy")
        .setPositiveFraction(figures.positiveFraction())
        .setModelId("synthetic")
        .setModelVersion(0)
        .setTile(new TileLocation(Topics.TILES_SCANNED.name(), 0, (long) number))
        .setScanner(organ.scanner())
        .setScannedAt(START)
        .setSegmentedAt(START)
        .build();
  }

  private ByteBuffer bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }
}
