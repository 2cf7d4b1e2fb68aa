package org.lethe.reveal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.TextKernel;

final class RewardTest {
  private static final Reward.Settings SETTINGS = Reward.Settings.defaults();

  @Test
  void differentRelevantTextsAreWorthOne() {
    Reward reward = Reward.of(unlike("a", 8), ones(8), List.of(), SETTINGS);
    assertThat(reward.value()).isCloseTo(1, within(1e-9));
    assertThat(reward.diversity()).isCloseTo(1, within(1e-9));
    assertThat(reward.novelty()).isEqualTo(reward.diversity());
  }

  @Test
  void zeroInEitherPartIsWorthNothing() {
    List<String> same = Collections.nCopies(8, "always the same");
    assertThat(Reward.of(same, ones(8), List.of(), SETTINGS).value()).isZero();
    assertThat(Reward.of(unlike("a", 8), new double[8], List.of(), SETTINGS).value()).isZero();
  }

  @Test
  void textsThatThePoolHasAreWorthNothing() {
    List<String> texts = unlike("a", 8);
    Reward reward = Reward.of(texts, ones(8), texts, SETTINGS);
    assertThat(reward.diversity()).isCloseTo(1, within(1e-9));
    assertThat(reward.novelty()).isZero();
    assertThat(reward.value()).isZero();
  }

  @Property(tries = 20)
  void textsUnlikeThePoolAndEachOtherAreAsNewAsCanBe(
      @ForAll @IntRange(min = 1, max = 20) int pool, @ForAll @IntRange(min = 1, max = 8) int n) {
    Reward reward = Reward.of(unlike("a", n), ones(n), unlike("b", pool), SETTINGS);
    assertThat(reward.novelty()).isCloseTo(1, within(1e-9));
  }

  @Property(tries = 50)
  void valueIsTheWeightedHarmonicMean(
      @ForAll @DoubleRange(min = 0.01, max = 1) double relevance,
      @ForAll @DoubleRange(min = 0.1, max = 0.9) double alpha) {
    List<String> texts = List.of("ada was born in avon", "ada was born in dover", "the old mill");
    double[] relevances = new double[3];
    Arrays.fill(relevances, relevance);
    Reward reward = Reward.of(texts, relevances, List.of(), new Reward.Settings(alpha, 1e-3, 256));
    double diversity = (Vendi.score(TextKernel.ofTexts(texts)) - 1) / 2;
    assertThat(reward.value())
        .isCloseTo(1 / (alpha / diversity + (1 - alpha) / relevance), within(1e-9));
  }

  @Test
  void smallPartsAreRaisedToTheFloor() {
    double[] relevances = new double[8];
    relevances[0] = 8e-6; // mean 1e-6
    Reward reward = Reward.of(unlike("a", 8), relevances, List.of(), SETTINGS);
    assertThat(reward.value()).isCloseTo(1 / (0.4 + 0.6 / 1e-3), within(1e-9));
  }

  @Test
  void poolIsSampledFromAllOfIt() {
    List<String> pool = unlike("a", 1000);
    Reward known = Reward.of(pool.subList(0, 1), ones(1), pool, new Reward.Settings(0.4, 1e-3, 10));
    assertThat(known.novelty()).isLessThan(0.2);
  }

  @Test
  void embeddingsMayStandForTexts() {
    double[][] texts = {{1, 0, 0}, {0, 2, 0}};
    double[][] pool = {{0, 0, 3}};
    Reward reward = Reward.ofEmbeddings(texts, ones(2), pool, SETTINGS);
    assertThat(reward.value()).isCloseTo(1, within(1e-9));
  }

  @Test
  void relevancesMustFitTheTexts() {
    assertThatThrownBy(() -> Reward.of(List.of("a"), ones(2), List.of(), SETTINGS))
        .hasMessage("Invalid relevances: 2 for 1 texts");
  }

  private static List<String> unlike(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i + " " + prefix + "x" + i).toList();
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}
