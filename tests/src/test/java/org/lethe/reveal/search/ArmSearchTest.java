package org.lethe.reveal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.reveal.search.NetworkSettings.Covariance;
import org.lethe.reveal.search.NetworkSettings.Scaling;
import org.lethe.reveal.search.SearchSettings.Repeats;
import org.lethe.reveal.search.SearchSettings.Strategy;

final class ArmSearchTest {
  private static final int ARMS = 120;
  private static final int INITIAL = 8;

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void resumedSearchGoesOnAsIfNothingHadHappened(Strategy strategy) {
    for (Scaling scaling : Scaling.values()) {
      SyntheticBandit bandit = new SyntheticBandit(ARMS, 12, 1);
      SearchSettings settings = settings(strategy, scaling, 5);
      List<Pull> whole = bandit.play(ArmSearch.of(settings, bandit.contexts()), 16);
      for (int cut : new int[] {3, 13}) {
        ArmSearch resumed = ArmSearch.of(settings, bandit.contexts());
        List<Pull> pulls = new ArrayList<>(whole.subList(0, cut));
        while (pulls.size() < whole.size()) {
          int arm = resumed.next(pulls).orElseThrow().arm();
          pulls.add(new Pull(arm, bandit.observe(arm, pulls.size())));
        }
        assertThat(pulls).isEqualTo(whole);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Scaling.class)
  void choiceDependsOnThePullsAloneAndNotOnWhatWasAskedBefore(Scaling scaling) {
    SyntheticBandit bandit = new SyntheticBandit(ARMS, 12, 2);
    SearchSettings settings = settings(Strategy.NEURAL_UCB, scaling, 5);
    List<Pull> pulls = bandit.play(ArmSearch.of(settings, bandit.contexts()), 14);
    ArmSearch other = ArmSearch.of(settings, bandit.contexts());
    bandit.play(other, 12);
    List<Pull> changed = new ArrayList<>(pulls.subList(0, 10));
    changed.set(9, new Pull(changed.get(9).arm(), 0.123));
    other.next(changed);
    assertThat(other.next(pulls)).isEqualTo(ArmSearch.of(settings, bandit.contexts()).next(pulls));
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void everyArmIsTriedOnceAndThenTheSearchEnds(Strategy strategy) {
    SyntheticBandit bandit = new SyntheticBandit(20, 5, 3);
    ArmSearch search = ArmSearch.of(settings(strategy, Scaling.SCALED, 5), bandit.contexts());
    List<Pull> pulls = bandit.play(search, 20);
    assertThat(pulls.stream().map(Pull::arm))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 20).boxed().toList());
    assertThat(search.next(pulls)).isEmpty();
  }

  @Test
  void openingIsTheSameForEveryStrategy() {
    SyntheticBandit bandit = new SyntheticBandit(ARMS, 5, 3);
    List<List<Integer>> openings =
        IntStream.range(0, 3)
            .mapToObj(i -> settings(Strategy.values()[i], Scaling.SCALED, 9))
            .map(settings -> ArmSearch.of(settings, bandit.contexts()))
            .peek(
                search ->
                    assertThat(bandit.play(search, INITIAL).stream().map(Pull::arm))
                        .containsExactlyElementsOf(search.opening()))
            .map(ArmSearch::opening)
            .toList();
    assertThat(openings.get(0)).hasSize(INITIAL).isEqualTo(openings.get(1));
    assertThat(openings.get(2)).isEqualTo(openings.get(1));
    assertThat(
            ArmSearch.of(settings(Strategy.RANDOM, Scaling.SCALED, 10), bandit.contexts())
                .opening())
        .isNotEqualTo(openings.get(0));
  }

  @Test
  void beliefTellsBonusAndSpread() {
    SyntheticBandit bandit = new SyntheticBandit(ARMS, 12, 4);
    ArmSearch search =
        ArmSearch.of(settings(Strategy.NEURAL_UCB, Scaling.SCALED, 5), bandit.contexts());
    List<Pull> pulls = bandit.play(search, INITIAL);
    Choice.Belief belief = search.next(pulls).orElseThrow().belief().orElseThrow();
    assertThat(belief.spread()).isPositive();
    assertThat(belief.bonus()).isPositive();
    assertThat(belief.meanBonus()).isPositive();
    ArmSearch greedy =
        ArmSearch.of(settings(Strategy.GREEDY, Scaling.SCALED, 5), bandit.contexts());
    assertThat(greedy.next(pulls).orElseThrow().belief().orElseThrow().bonus()).isZero();
  }

  @Test
  void networkFindsBetterArmsThanChance() {
    double network = 0;
    double random = 0;
    for (int seed = 0; seed < 3; seed++) {
      SyntheticBandit bandit = new SyntheticBandit(400, 24, seed);
      network += found(bandit, Strategy.NEURAL_UCB, seed) / 3;
      random += found(bandit, Strategy.RANDOM, seed) / 3;
    }
    assertThat(network).isGreaterThan(random + 0.05);
  }

  private static double found(SyntheticBandit bandit, Strategy strategy, long seed) {
    ArmSearch search = ArmSearch.of(settings(strategy, Scaling.SCALED, seed), bandit.contexts());
    return bandit.mean(bandit.play(search, 30), INITIAL);
  }

  @Test
  void contextsMustBeNumbersOfOneLength() {
    SearchSettings settings = settings(Strategy.RANDOM, Scaling.SCALED, 5);
    assertThatThrownBy(() -> ArmSearch.of(settings, new double[][] {{1, 2}, {1}}))
        .hasMessage("Invalid context of arm 1: length 1");
    assertThatThrownBy(() -> ArmSearch.of(settings, new double[][] {{1, Double.NaN}}))
        .hasMessage("Invalid context of arm 0: NaN");
    assertThatThrownBy(() -> ArmSearch.of(settings, new double[0][]))
        .hasMessage("Invalid contexts: none");
  }

  private static SearchSettings settings(Strategy strategy, Scaling scaling, long seed) {
    return new SearchSettings(
        strategy,
        new NetworkSettings(16, 25, 2e-2, 0.1, 1, Covariance.DIAGONAL, scaling),
        INITIAL,
        scaling == Scaling.SCALED ? Repeats.NEVER : Repeats.ALLOWED,
        100,
        seed);
  }
}
