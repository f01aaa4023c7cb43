package io.histoflow.loadtests.recall;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.loadtests.measuring.SyntheticOrgan;
import io.histoflow.schemas.AvroSerdes;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import io.histoflow.topology.RoutingTopology;
import io.histoflow.topology.TaskTopologies;
import io.histoflow.topology.TopologyListener;
import io.histoflow.topology.TopologySettings;
import io.histoflow.topology.routing.AuditSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.SplittableRandom;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/**
 * One deployment through the real topology: tiles with masks, a verdict on each alert, and the
 * estimates that come of them, beside the recall over all tiles. Kafka Streams' test driver stands
 * for the brokers.
 */
final class RecallTopology {
  private static final int EDGE = 64;
  private static final int PIXELS = EDGE * EDGE;

  /** So few that some tens of tiles of each are drawn. */
  private static final int MOST_ORGANS = 3;

  private static final Duration STEP = Duration.ofMillis(50);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final RecallBenchSettings settings;
  private final Map<String, double[]> truth = new HashMap<>();
  private final Map<String, Integer> truePixels = new HashMap<>();

  RecallTopology(RecallBenchSettings settings) {
    this.settings = settings;
  }

  Measured run(Path folder) {
    TopologySettings topology =
        TopologySettings.defaults()
            .withRouting(
                RoutingSettings.defaults()
                    .withAudit(new AuditSettings(0.2, 0.002, "the key of bench recall")));
    Map<String, Object> config = TaskTopologies.unconnected("recall-bench", folder);
    SubjectCatalogue.ensure(config);
    Properties properties = new Properties();
    properties.putAll(config);
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            RoutingTopology.build(topology, new StreamsConfig(config), TopologyListener.NONE),
            properties,
            START)) {
      return run(driver, config);
    }
  }

  private Measured run(TopologyTestDriver driver, Map<String, Object> config) {
    TestInputTopic<String, TileSegmented> segmented =
        driver.createInputTopic(
            Topics.TILES_SEGMENTED.name(),
            new StringSerializer(),
            AvroSerdes.of(Topics.TILES_SEGMENTED, config).serializer());
    TestInputTopic<String, MaskCorrected> corrected =
        driver.createInputTopic(
            Topics.MASKS_CORRECTED.name(),
            new StringSerializer(),
            AvroSerdes.of(Topics.MASKS_CORRECTED, config).serializer());
    TestOutputTopic<String, ReviewRequested> alerts = output(driver, Topics.TILES_REVIEW, config);
    TestOutputTopic<String, RecallEstimate> published =
        output(driver, Topics.RECALL_ESTIMATES, config);
    List<SyntheticOrgan> organs = new ArrayList<>();
    for (int organ = 0; organ < Math.min(MOST_ORGANS, settings.organs()); organ++) {
      organs.add(new SyntheticOrgan(organ, false, new Random(organ)));
    }
    SplittableRandom random = new SplittableRandom(settings.seed());
    Map<String, RecallEstimate> estimates = new HashMap<>();
    int tiles = 0;
    int verdicts = 0;
    long began = System.nanoTime();
    for (int number = 0; tiles < settings.topologyTiles(); number++) {
      SyntheticOrgan organ = organs.get(number % organs.size());
      SimulatedSlide slide = new SimulatedSlide(SimulatedOrgan.LEVEL, 1, random);
      int size = random.nextInt(SimulatedSlide.LEAST_TILES, SimulatedSlide.MOST_TILES + 1);
      for (int t = 0; t < size && tiles < settings.topologyTiles(); t++, tiles++) {
        slide.next();
        TileSegmented tile = tile(organ, number, t, slide);
        segmented.pipeInput(tile.getSlideId(), tile);
      }
      for (ReviewRequested alert : alerts.readValuesToList()) {
        if (alert != null) {
          MaskCorrected verdict = verdict(alert);
          corrected.pipeInput(verdict.getTileId(), verdict);
          verdicts++;
        }
      }
      truePixels.clear();
      driver.advanceWallClockTime(STEP);
      forget(driver, estimates, published);
    }
    driver.advanceWallClockTime(Duration.ofMinutes(1));
    forget(driver, estimates, published);
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Measured(
        tiles, verdicts, (tiles + verdicts) / seconds, known(estimates), holding(estimates));
  }

  /** A driver keeps every record of every topic, changelogs included. */
  private static void forget(
      TopologyTestDriver driver,
      Map<String, RecallEstimate> estimates,
      TestOutputTopic<String, RecallEstimate> published) {
    published.readValuesToList().forEach(one -> estimates.put(one.getOrgan(), one));
    for (String topic : driver.producedTopicNames()) {
      if (!topic.equals(Topics.TILES_REVIEW.name())) {
        driver
            .createOutputTopic(topic, new StringDeserializer(), new StringDeserializer())
            .readRecordsToList();
      }
    }
  }

  private TileSegmented tile(SyntheticOrgan organ, int number, int t, SimulatedSlide slide) {
    int real = (int) Math.min(PIXELS, slide.truth());
    int found = real == 0 ? 0 : (int) (real * slide.found() / slide.truth());
    double[] sums = truth.computeIfAbsent(organ.name(), name -> new double[2]);
    sums[0] += found;
    sums[1] += real - found;
    String slideId = "slide-" + number;
    String tileId = slideId + "/" + t;
    truePixels.put(tileId, real);
    SyntheticOrgan.Figures figures =
        new SyntheticOrgan.Figures(slide.score(), 0.1, (double) found / PIXELS);
    return organ
        .segmented(tileId, slideId, t, figures)
        .setX(EDGE * t)
        .setWidth(EDGE)
        .setHeight(EDGE)
        .setMask(mask(found))
        .build();
  }

  private MaskCorrected verdict(ReviewRequested alert) {
    TileSegmented tile = alert.getSegmentation();
    return MaskCorrected.newBuilder()
        .setTileId(tile.getTileId())
        .setSlideId(tile.getSlideId())
        .setOrgan(tile.getOrgan())
        .setX(tile.getX())
        .setY(tile.getY())
        .setWidth(EDGE)
        .setHeight(EDGE)
        .setFormat(ImageFormat.PNG)
        .setImage(ByteBuffer.allocate(1))
        .setMask(mask(truePixels.get(tile.getTileId())))
        .setVerdict(Verdict.CORRECTED)
        .setReviewer("bench")
        .setModelId(tile.getModelId())
        .setModelVersion(tile.getModelVersion())
        .setCorrectedAt(START)
        .build();
  }

  /** Returns a mask whose first pixels are positive: what is missed is the end of what is true. */
  private static ByteBuffer mask(int pixels) {
    byte[] values = new byte[PIXELS];
    Arrays.fill(values, 0, pixels, (byte) 1);
    return ByteBuffer.wrap(MaskPng.encode(Mask.of(EDGE, EDGE, values)));
  }

  private static int known(Map<String, RecallEstimate> estimates) {
    return (int) estimates.values().stream().filter(one -> one.getModelPixels() != null).count();
  }

  private int holding(Map<String, RecallEstimate> estimates) {
    int holding = 0;
    for (RecallEstimate estimate : estimates.values()) {
      RecallFigures figures = estimate.getModelPixels();
      double[] sums = truth.get(estimate.getOrgan());
      double recall = sums[0] / (sums[0] + sums[1]);
      holding +=
          figures != null && figures.getRecallLow() <= recall && recall <= figures.getRecallHigh()
              ? 1
              : 0;
    }
    return holding;
  }

  private static <V extends SpecificRecord> TestOutputTopic<String, V> output(
      TopologyTestDriver driver, TopicSpec<V> spec, Map<String, Object> config) {
    return driver.createOutputTopic(
        spec.name(), new StringDeserializer(), AvroSerdes.of(spec, config).deserializer());
  }
}
