package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.weights.testing.TinyModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoundPlannerTest {
  private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");
  private static final HeldOut HELD_OUT = new HeldOut(0.25);
  private static final RoundTrigger TRIGGER = new RoundTrigger(20, 5, Duration.ofHours(1));

  private final CorrectionStore store = new CorrectionStore(1 << 20);
  private final RoundHistory history = new RoundHistory((partition, offset) -> true);
  private final RoundPlanner planner = new RoundPlanner(TRIGGER, HELD_OUT, 100, 1 << 30);

  @BeforeEach
  void correctTwentyTiles() {
    correct(0, 20);
  }

  @Test
  void shouldNeverTrainOnAHeldOutTile() {
    // When
    RoundPlan plan = planner.next(store, history, TinyModel.checkpoint(), 1, NOW).orElseThrow();
    // Then
    assertThat(plan.round()).isEqualTo(1);
    assertThat(plan.candidateVersion()).isEqualTo(1);
    assertThat(plan.fresh()).isNotEmpty().noneMatch(c -> HELD_OUT.contains(c.tileId()));
    assertThat(plan.heldOut()).isNotEmpty().allMatch(c -> HELD_OUT.contains(c.tileId()));
    assertThat(plan.fresh().size() + plan.heldOut().size()).isEqualTo(20);
    assertThat(plan.replay()).isEmpty();
    assertThat(plan.known()).isEqualTo(Map.of(0, 20L));
  }

  @Test
  void shouldWaitForNewCorrectionsAfterARound() {
    // Given
    history.apply(decision(1, 20).setAccepted(true).setCandidateVersion(1L).build());
    // When
    Optional<RoundPlan> atOnce =
        planner.next(store, history, Pupil.retrained(1), 2, NOW.plus(Duration.ofDays(1)));
    correct(20, 40);
    Optional<RoundPlan> afterMore = planner.next(store, history, Pupil.retrained(1), 2, NOW);
    // Then
    assertThat(atOnce).isEmpty();
    assertThat(afterMore).isPresent();
  }

  @Test
  void shouldReplayWhatTheWeightsInForceHaveLearned() {
    // Given
    history.apply(decision(1, 20).setAccepted(true).setCandidateVersion(1L).build());
    correct(20, 40);
    // When
    RoundPlan plan = planner.next(store, history, Pupil.retrained(1), 2, NOW).orElseThrow();
    // Then
    assertThat(plan.round()).isEqualTo(2);
    assertThat(plan.candidateVersion()).isEqualTo(2);
    assertThat(plan.fresh()).isNotEmpty().allMatch(c -> c.offset() >= 20);
    assertThat(plan.replay()).isNotEmpty().allMatch(c -> c.offset() < 20);
    assertThat(plan.heldOut()).anyMatch(c -> c.offset() < 20).anyMatch(c -> c.offset() >= 20);
  }

  @Test
  void shouldTrainAgainOnWhatARefusedRoundKnew() {
    // Given
    history.apply(decision(1, 20).setAccepted(false).build());
    correct(20, 40);
    // When
    RoundPlan plan = planner.next(store, history, TinyModel.checkpoint(), 1, NOW).orElseThrow();
    // Then
    assertThat(plan.fresh()).anyMatch(c -> c.offset() < 20).anyMatch(c -> c.offset() >= 20);
    assertThat(plan.replay()).isEmpty();
  }

  @Test
  void shouldBoundTheMemoryOfARound() {
    // Given a third of the memory that holds four decoded tiles, and many encoded ones
    RoundPlanner small = new RoundPlanner(TRIGGER, HELD_OUT, 100, 4 * 4 * 64 * 64);
    history.apply(decision(1, 20).setAccepted(true).setCandidateVersion(1L).build());
    correct(20, 60);
    // When
    RoundPlan plan = small.next(store, history, Pupil.retrained(1), 2, NOW).orElseThrow();
    // Then
    assertThat(plan.fresh()).hasSize(4);
    assertThat(plan.replay()).hasSize(4);
    assertThat(plan.heldOut()).hasSizeGreaterThan(4);
  }

  @Test
  void shouldBoundTheExamplesOfARound() {
    // Given
    RoundPlanner small = new RoundPlanner(TRIGGER, HELD_OUT, 4, 1 << 30);
    history.apply(decision(1, 20).setAccepted(true).setCandidateVersion(1L).build());
    correct(20, 60);
    // When
    RoundPlan plan = small.next(store, history, Pupil.retrained(1), 1, NOW).orElseThrow();
    // Then the newest are trained on, and a draw from all that was learned is replayed
    assertThat(plan.fresh()).hasSize(4);
    assertThat(plan.heldOut()).hasSize(4);
    assertThat(plan.replay()).hasSize(4);
    List<String> newest =
        store.where(c -> !HELD_OUT.contains(c.tileId())).stream().map(Correction::tileId).toList();
    assertThat(plan.fresh())
        .extracting(Correction::tileId)
        .containsExactlyInAnyOrderElementsOf(newest.subList(newest.size() - 4, newest.size()));
  }

  @Test
  void shouldLetASeldomOrganIntoARoundThatIsFull() {
    // Given twenty kidney tiles, after two of the lung
    CorrectionStore mixed = new CorrectionStore(1 << 20);
    for (int i = 0; i < 22; i++) {
      mixed.put(Corrections.of("mixed-" + i, i < 2 ? "lung" : "kidney", 0, i, Instant.EPOCH));
    }
    RoundPlanner small = new RoundPlanner(TRIGGER, new HeldOut(0), 4, 1 << 30);
    // When
    RoundPlan plan = small.next(mixed, history, TinyModel.checkpoint(), 0, NOW).orElseThrow();
    // Then
    assertThat(plan.fresh())
        .extracting(Correction::tileId)
        .containsExactlyInAnyOrder("mixed-0", "mixed-1", "mixed-20", "mixed-21");
  }

  private void correct(int from, int to) {
    List<Correction> corrections = new ArrayList<>();
    IntStream.range(from, to).forEach(i -> corrections.add(Corrections.of("tile-" + i, 0, i, NOW)));
    corrections.forEach(store::put);
    store.readUpTo(0, to);
  }

  private static DecoderDecision.Builder decision(long round, long known) {
    return DecoderDecision.newBuilder()
        .setModelId("model")
        .setRound(round)
        .setParentVersion(0)
        .setReason("for a test")
        .setExamplesUsed(1)
        .setCorrectionOffsets(Map.of("0", known))
        .setDecidedAt(NOW);
  }
}
