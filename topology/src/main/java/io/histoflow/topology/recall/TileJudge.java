package io.histoflow.topology.recall;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.recall.ReaderComparison;
import io.histoflow.recall.TileComparison;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Verdict;
import io.histoflow.topology.ledger.InputCheck;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the alert and the verdict of a tile together, in whatever order they come, and tells what
 * the tile changes in its slide's sums. A repetition changes nothing; another verdict replaces the
 * one before; an alert that comes again replaces the one before until the tile has its verdict.
 *
 * <p>Tiles of which nothing was heard for the retention are forgotten: what they added stays, a
 * verdict that comes later adds nothing, and the tile counts as one that nobody read.
 *
 * <p>A record that cannot be used does not count and gets no dead letter here: who shows alerts and
 * who reports and learns from verdicts answer for it, and one letter a fault is enough.
 */
final class TileJudge implements Processor<String, TileEvent, String, RecallChange> {
  private static final Logger log = LoggerFactory.getLogger(TileJudge.class);
  private static final Duration FORGET_INTERVAL = Duration.ofSeconds(10);
  private static final int MOST_LOOKED_AT = 500;
  private static final ByteBuffer NO_MASK = ByteBuffer.allocate(0);

  private final RecallSettings settings;
  private ProcessorContext<String, RecallChange> context;
  private KeyValueStore<String, TileCase> tiles;
  private String lookedAt = "";

  TileJudge(RecallSettings settings) {
    this.settings = settings;
  }

  @Override
  public void init(ProcessorContext<String, RecallChange> processorContext) {
    context = processorContext;
    tiles = context.getStateStore(RecallPart.TILES);
    context.schedule(FORGET_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::forget);
  }

  @Override
  public void process(Record<String, TileEvent> record) {
    if (record.key() == null) {
      return;
    }
    TileCase before = Optional.ofNullable(tiles.get(record.key())).orElse(TileCase.EMPTY);
    TileCase after;
    try {
      after = readTwice(compared(after(record, before), record.key()), record.key());
    } catch (MalformedRecordException e) {
      log.atWarn()
          .addKeyValue("tileId", record.key())
          .log("A record does not count for recall: {}", e.getMessage());
      return;
    }
    if (before.says(after)) {
      return;
    }
    tiles.put(record.key(), after);
    tell(record, before, after);
  }

  private TileCase after(Record<String, TileEvent> record, TileCase before) {
    long now = context.currentSystemTimeMs();
    if (record.value() instanceof TileEvent.Asked asked) {
      TileCase.Question question = question(record.key(), asked.alert());
      boolean settled = before.question().isPresent() && before.verdict().isPresent();
      return settled
          ? before
          : new TileCase(
              Optional.of(question), before.verdict(), before.second(), before.readers(), now);
    }
    if (record.value() instanceof TileEvent.ReadAgain again) {
      InputCheck.check(record.key(), again.opinion());
      return new TileCase(
          before.question(),
          before.verdict(),
          Optional.of(
              new TileCase.SecondReading(truth(again.opinion()), again.opinion().getReviewer())),
          before.readers(),
          now);
    }
    Optional<TileCase.Verdict> verdict =
        ((TileEvent.Judged) record.value())
            .verdict()
            .map(correction -> verdict(record.key(), correction));
    return new TileCase(before.question(), verdict, before.second(), before.readers(), now);
  }

  private static TileCase.Question question(String key, ReviewRequested alert) {
    TileSegmented tile =
        InputCheck.check(alert.getSegmentation().getSlideId(), alert.getSegmentation());
    double probability = alert.getInclusionProbability();
    if (!tile.getTileId().equals(key) || !(probability > 0 && probability <= 1)) {
      throw new MalformedRecordException(
          "An alert of tile %s has the key %s and the inclusion probability %s, must be the tileId"
                  .formatted(tile.getTileId(), key, probability)
              + " and above 0, at most 1");
    }
    return new TileCase.Question(
        new RecallChange.Place(
            tile.getSlideId(),
            tile.getScanner() == null ? "" : tile.getScanner(),
            tile.getModelVersion(),
            probability,
            alert.getAudited()),
        tile.getOrgan(),
        tile.getWidth(),
        tile.getHeight(),
        tile.getMask(),
        alert.getSecondReader());
  }

  private static TileCase.Verdict verdict(String key, MaskCorrected correction) {
    InputCheck.check(key, correction);
    return new TileCase.Verdict(truth(correction), correction.getReviewer(), Optional.empty());
  }

  private static ByteBuffer truth(MaskCorrected reading) {
    return reading.getVerdict() == Verdict.UNUSABLE ? NO_MASK : reading.getMask();
  }

  /** Compares the masks once both are there. */
  private static TileCase compared(TileCase known, String tileId) {
    if (known.question().isEmpty()
        || known.verdict().isEmpty()
        || known.verdict().get().tile().isPresent()) {
      return known;
    }
    TileCase.Question question = known.question().get();
    ByteBuffer truth = known.verdict().get().mask();
    TileComparison tile =
        truth.remaining() == 0
            ? TileComparison.NOTHING
            : TileComparison.of(
                mask(question.mask(), question, tileId), mask(truth, question, tileId));
    return new TileCase(
        known.question(),
        Optional.of(
            new TileCase.Verdict(truth, known.verdict().get().reviewer(), Optional.of(tile))),
        known.second(),
        known.readers(),
        known.changedAt());
  }

  /** Compares the readers of a tile that was drawn for two, once both have read it. */
  private static TileCase readTwice(TileCase known, String tileId) {
    Optional<ReaderComparison> readers = Optional.empty();
    if (known.question().filter(TileCase.Question::secondReader).isPresent()
        && known.verdict().isPresent()
        && known.second().isPresent()
        && !known.verdict().get().reviewer().equals(known.second().get().reviewer())) {
      TileCase.Question question = known.question().get();
      ByteBuffer first = known.verdict().get().mask();
      ByteBuffer second = known.second().get().mask();
      if (first.hasRemaining() && second.hasRemaining()) {
        readers =
            Optional.of(
                ReaderComparison.of(
                    mask(question.mask(), question, tileId),
                    mask(first, question, tileId),
                    mask(second, question, tileId)));
      }
    }
    return new TileCase(
        known.question(), known.verdict(), known.second(), readers, known.changedAt());
  }

  private static Mask mask(ByteBuffer png, TileCase.Question question, String tileId) {
    try {
      return MaskPng.decode(
          Utils.toArray(png), ImageLimits.forTiles(), question.width(), question.height());
    } catch (ImageRejectedException e) {
      throw new MalformedRecordException(
          "A mask of tile " + tileId + " cannot be compared: " + e.getMessage(), e);
    }
  }

  private void tell(Record<String, TileEvent> record, TileCase before, TileCase after) {
    if (after.question().isEmpty()) {
      return;
    }
    TileCase.Question now = after.question().get();
    Optional<TileCase.Question> old = before.question();
    boolean moved =
        old.isPresent()
            && !(old.get().place().equals(now.place()) && old.get().organ().equals(now.organ()));
    Optional<TileComparison> toldBefore =
        old.isPresent() ? before.verdict().flatMap(TileCase.Verdict::tile) : Optional.empty();
    Optional<TileComparison> told = after.verdict().flatMap(TileCase.Verdict::tile);
    if (moved) {
      forward(record, old.get(), change(old.get(), -1, toldBefore, Optional.empty()));
      forward(record, now, change(now, 1, Optional.empty(), told));
    } else if (old.isEmpty() || !toldBefore.equals(told)) {
      forward(record, now, change(now, old.isEmpty() ? 1 : 0, toldBefore, told));
    }
    if (moved) {
      tellReaders(record, old.get(), before.readers(), Optional.empty());
      tellReaders(record, now, Optional.empty(), after.readers());
    } else {
      tellReaders(record, now, before.readers(), after.readers());
    }
  }

  private void tellReaders(
      Record<String, TileEvent> record,
      TileCase.Question question,
      Optional<ReaderComparison> before,
      Optional<ReaderComparison> after) {
    if (!before.equals(after)) {
      forward(
          record,
          question,
          new RecallChange(question.place(), 0, Optional.empty(), Optional.empty(), before, after));
    }
  }

  private static RecallChange change(
      TileCase.Question question,
      int asked,
      Optional<TileComparison> before,
      Optional<TileComparison> after) {
    return new RecallChange(
        question.place(), asked, before, after, Optional.empty(), Optional.empty());
  }

  private void forward(
      Record<String, TileEvent> record, TileCase.Question question, RecallChange change) {
    context.forward(record.withKey(question.organ()).withValue(change));
  }

  private void forget(long now) {
    long before = now - settings.retention().toMillis();
    List<String> old = new ArrayList<>();
    int seen = 0;
    try (KeyValueIterator<String, TileCase> some = tiles.range(lookedAt, null)) {
      while (some.hasNext() && seen < MOST_LOOKED_AT) {
        KeyValue<String, TileCase> tile = some.next();
        seen++;
        // No id holds a NUL: this is the next key at the earliest.
        lookedAt = tile.key + '\0';
        if (tile.value.changedAt() < before) {
          old.add(tile.key);
        }
      }
      if (!some.hasNext()) {
        lookedAt = "";
      }
    }
    old.forEach(tiles::delete);
  }
}
