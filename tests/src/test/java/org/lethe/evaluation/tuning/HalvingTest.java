package org.lethe.evaluation.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.lethe.evaluation.tuning.Halving.Rung;

/** Rungs of successive halving. */
final class HalvingTest {
  @Test
  void theBestGoOnWithMoreRoundsUntilOneIsLeft() {
    // 16 x 2 + 4 x 8 = 64 rounds; 3 rounds each would take 96.
    assertThat(Halving.within(16, 4, 100, 95).rungs())
        .containsExactly(new Rung(16, 2), new Rung(4, 8));
    assertThat(Halving.within(16, 4, 100, 96).rungs())
        .containsExactly(new Rung(16, 3), new Rung(4, 12));
    assertThat(Halving.within(9, 3, 100, 27).rungs())
        .containsExactly(new Rung(9, 1), new Rung(3, 3));
    assertThat(Halving.within(5, 2, 100, 100).rungs())
        .containsExactly(new Rung(5, 5), new Rung(3, 10), new Rung(2, 20));
  }

  @Test
  void aSingleCandidateHasOneRung() {
    assertThat(Halving.within(1, 4, 3, 100).rungs()).containsExactly(new Rung(1, 3));
  }

  @Test
  void noRungIsLongerThanTheUnlearning() {
    assertThat(Halving.within(16, 4, 3, 1000).rungs())
        .containsExactly(new Rung(16, 3), new Rung(4, 3));
  }

  @Test
  void aBudgetBelowOneRoundEachIsRejected() {
    assertThat(Halving.leastRounds(16, 4, 100)).isEqualTo(32);
    assertThatThrownBy(() -> Halving.within(16, 4, 100, 31))
        .hasMessage("Invalid budget: 31 rounds, expected at least 32");
  }
}
