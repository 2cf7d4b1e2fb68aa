package org.lethe.evaluation.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.monitor.Forgetting;
import org.lethe.evaluation.monitor.FormReading;
import org.lethe.evaluation.monitor.MarginReading;
import org.lethe.evaluation.monitor.MonitorReading;
import org.lethe.evaluation.monitor.MonitorSample;
import org.lethe.evaluation.monitor.SetForm;
import org.lethe.evaluation.monitor.SetReading;
import org.lethe.evaluation.tuning.CandidateOrder.Standing;
import org.lethe.evaluation.tuning.CandidateResult.Reached;

/** Which candidate is best, on both sides of the target. Distances begin at 0.5. */
final class CandidateOrderTest {
  private static final CandidateOrder ORDER = new CandidateOrder(20, 0.1);

  private final CandidateResult cheap = result("cheap", Forgetting.LIKE_UNSEEN, 0, 0.01, true);
  private final CandidateResult dear = result("dear", Forgetting.LIKE_UNSEEN, 0, 0.05, true);
  // Half the way in 2 rounds: 4 of 20 rounds in all, at twice the rise.
  private final CandidateResult going = result("going", Forgetting.NOT_FORGOTTEN, 0.25, 0, true);
  private final CandidateResult costly = result("costly", Forgetting.LIKE_UNSEEN, 0, 0.3, false);
  private final CandidateResult over = result("over", Forgetting.OVER_FORGOTTEN, 0.2, 0, true);
  // 2 % of the way in 2 rounds: 100 rounds.
  private final CandidateResult slow = result("slow", Forgetting.NOT_FORGOTTEN, 0.49, 0, true);
  private final CandidateResult failed =
      new CandidateResult(
          1,
          "failed",
          1,
          Optional.empty(),
          2,
          1,
          0,
          "DIVERGED",
          "",
          "",
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  @Test
  void theTargetComesBeforeThePriceAndBothSidesCount() {
    assertThat(Stream.of(failed, slow, over, costly, going, dear, cheap).sorted(ORDER))
        .containsExactly(cheap, dear, going, costly, over, slow, failed);
    assertThat(ORDER.standing(over)).isEqualTo(Standing.OVER_FORGOTTEN);
    assertThat(ORDER.standing(costly)).isEqualTo(Standing.TOO_COSTLY);
    assertThat(ORDER.standing(failed)).isEqualTo(Standing.FAILED);
    assertThat(failed.progress()).isZero();
  }

  @Test
  void aCandidateOnItsWayIsJudgedByTheRiseAtTheTarget() {
    CandidateResult near = result("near", Forgetting.NOT_FORGOTTEN, 0.1, 0.02, true);
    CandidateResult far = result("far", Forgetting.NOT_FORGOTTEN, 0.4, 0.01, true);
    // 0.02 / 0.8 = 0.025 and 0.01 / 0.2 = 0.05.
    assertThat(Stream.of(far, near).sorted(ORDER)).containsExactly(near, far);
  }

  @Test
  void ofSlowCandidatesTheFastestIsBest() {
    CandidateResult faster = result("z", Forgetting.NOT_FORGOTTEN, 0.47, 0.01, true);
    assertThat(Stream.of(slow, faster).sorted(ORDER)).containsExactly(faster, slow);
  }

  /** Erasure and retain rows come first, so a broken form is better than a spent budget. */
  @Test
  void aBrokenFormComesAfterCandidatesThatKeepItAndBeforeTheOthers() {
    CandidateResult loops = answering(cheap, 0, 0.4);
    CandidateResult empty = answering(going, 0.1, 0.1);
    CandidateResult kept = answering(dear, 0.14, 0);
    CandidateResult costlyToo = answering(costly, 0.5, 0.5);

    assertThat(Stream.of(failed, slow, over, costlyToo, loops, empty, going, kept).sorted(ORDER))
        .containsExactly(kept, going, empty, loops, costlyToo, over, slow, failed);
    assertThat(ORDER.standing(loops)).isEqualTo(Standing.FORM_BROKEN);
    assertThat(ORDER.standing(empty)).isEqualTo(Standing.FORM_BROKEN);
    assertThat(ORDER.standing(kept)).isEqualTo(Standing.REACHED);
    assertThat(ORDER.standing(answering(slow, 1, 0))).isEqualTo(Standing.TOO_SLOW);
    assertThat(ORDER.standing(answering(over, 1, 0))).isEqualTo(Standing.OVER_FORGOTTEN);
    assertThat(new CandidateOrder(20, 0.5).standing(loops)).isEqualTo(Standing.REACHED);
  }

  @Test
  void equalCandidatesAreOrderedByName() {
    CandidateResult same = result("also-cheap", Forgetting.LIKE_UNSEEN, 0, 0.01, true);
    assertThat(Stream.of(cheap, same).sorted(ORDER)).containsExactly(same, cheap);
    assertThat(new Candidate("npo", 3e-5, 0.1).name()).isEqualTo("npo-gamma0.1-rate3e-05");
    assertThat(new Candidate("npo", 1e-4, 1).name()).isEqualTo("npo-gamma1-rate0.0001");
    assertThat(new Candidate("ngdiff", 0.00025, Double.NaN).name()).isEqualTo("ngdiff-rate0.00025");
  }

  private static CandidateResult result(
      String method, Forgetting forgetting, double distance, double rise, boolean within) {
    return new CandidateResult(
        1,
        method,
        1,
        Optional.empty(),
        2,
        2,
        64,
        "",
        "rounds",
        "",
        Optional.of(reading(0.1)),
        Optional.of(new Reached(reading(0.1 + rise), forgetting, distance, 0.5, within)),
        Optional.empty());
  }

  /** The candidate with some share of degenerate answers; 5 % of those to unseen rows are. */
  private static CandidateResult answering(CandidateResult one, double blank, double repetition) {
    return new CandidateResult(
        one.format(),
        one.method(),
        one.rate(),
        one.gamma(),
        one.rounds(),
        one.trained(),
        one.examples(),
        one.failure(),
        one.rule(),
        one.reason(),
        one.initial(),
        one.outcome(),
        Optional.of(new FormReading(new SetForm(blank, repetition, 32), new SetForm(0.05, 0, 32))));
  }

  private static MonitorReading reading(double retainLoss) {
    Figure one = new Figure(1, 1, 1, 8);
    SetReading any = new SetReading(one, one, one, one);
    return new MonitorReading(
        0,
        1,
        MonitorSample.DECISION,
        any,
        new SetReading(one, one, one, new Figure(retainLoss, retainLoss, retainLoss, 8)),
        any,
        one,
        new MarginReading(0, 0, 1));
  }
}
