package org.lethe.reveal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.search.IterationStop.Figures;
import org.lethe.reveal.search.RevealStop.Budget;
import org.lethe.reveal.search.RevealStop.Plateau;

final class StopRulesTest {
  private static final Budget BUDGET = new Budget(10, 100, 1000);
  private static final Plateau PLATEAU = Plateau.defaults();

  @Test
  void budgetsEndTheSearch() {
    assertThat(RevealStop.decide(9, 99, 999, List.of(), BUDGET, PLATEAU)).isEmpty();
    assertThat(RevealStop.decide(10, 99, 999, List.of(), BUDGET, PLATEAU))
        .contains(RevealStop.Reason.PULLS);
    assertThat(RevealStop.decide(9, 100, 999, List.of(), BUDGET, PLATEAU))
        .contains(RevealStop.Reason.PROMPTS);
    assertThat(RevealStop.decide(9, 99, 1000, List.of(), BUDGET, PLATEAU))
        .contains(RevealStop.Reason.TOKENS);
  }

  @Test
  void twoBlocksThatAddLessThanOnePercentAreAPlateau() {
    assertThat(decide(10.0)).isEmpty();
    assertThat(decide(10.0, 10.05)).isEmpty();
    assertThat(decide(10.0, 10.05, 10.1)).contains(RevealStop.Reason.PLATEAU);
    assertThat(decide(10.0, 10.05, 10.2)).isEmpty();
    assertThat(decide(5.0, 10.0, 10.05, 10.0)).contains(RevealStop.Reason.PLATEAU);
    assertThat(decide(10.0, 10.05, 12.0, 12.01)).isEmpty();
  }

  private static java.util.Optional<RevealStop.Reason> decide(Double... vendi) {
    return RevealStop.decide(1, 1, 1, List.of(vendi), BUDGET, PLATEAU);
  }

  @Test
  void iterationsEndWhenFactsAreAsUnknownAsOfOthers() {
    assertThat(decide(new Figures(50, 0.4, 0.1, 2))).isEmpty();
    assertThat(decide(new Figures(50, 0.12, 0.1, 2))).contains(IterationStop.Reason.FORGOTTEN);
    assertThat(decide(new Figures(50, 0.05, 0.1, 2))).contains(IterationStop.Reason.FORGOTTEN);
  }

  @Test
  void retainBudgetComesBeforeAllElse() {
    assertThat(decide(new Figures(50, 0, 0, 2.1000001)))
        .contains(IterationStop.Reason.RETAIN_BUDGET);
    assertThat(decide(new Figures(0, 0.5, 0, 2.3))).contains(IterationStop.Reason.RETAIN_BUDGET);
    assertThat(decide(new Figures(50, 0.5, 0, 2.09))).isEmpty();
  }

  @Test
  void iterationsEndWhenNothingIsRevealedOrTheirNumberIsReached() {
    assertThat(decide(new Figures(0, 0.5, 0, 2))).contains(IterationStop.Reason.NOTHING_REVEALED);
    Figures going = new Figures(50, 0.5, 0, 2);
    assertThat(decide(going, going, going)).isEmpty();
    assertThat(decide(going, going, going, going)).contains(IterationStop.Reason.ITERATIONS);
  }

  private static java.util.Optional<IterationStop.Reason> decide(Figures... done) {
    return IterationStop.decide(2, List.of(done), IterationStop.Settings.defaults());
  }

  @Test
  void figuresMustBeNumbers() {
    assertThatThrownBy(() -> new Figures(1, 0.5, 0.5, Double.NaN))
        .hasMessage("Invalid retain loss: NaN");
    assertThatThrownBy(() -> new Figures(1, 1.5, 0.5, 1))
        .hasMessage("Invalid held-out accuracy: 1.5, from 0 to 1");
    assertThatThrownBy(() -> new Budget(0, 1, 1))
        .hasMessage("Invalid budget: 0 pulls, 1 prompts, 1 tokens, each at least 1");
  }
}
