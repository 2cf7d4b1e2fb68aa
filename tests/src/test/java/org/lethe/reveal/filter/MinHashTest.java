package org.lethe.reveal.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.SeededRandom;

final class MinHashTest {
  /** Two sets of 200 members with approximately the given similarity. */
  private record Pair(Set<Long> first, Set<Long> second) {
    static Pair of(double similarity, long seed) {
      SeededRandom draws = SeededRandom.of(seed, "sets");
      int common = (int) Math.round(2 * 200 * similarity / (1 + similarity));
      Set<Long> first = new HashSet<>();
      Set<Long> second = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        long member = draws.bits();
        first.add(member);
        second.add(i < common ? member : draws.bits());
      }
      return new Pair(first, second);
    }

    double similarity() {
      return MinHash.jaccard(first, second);
    }

    int agreeing() {
      long[] a = MinHash.signature(first);
      long[] b = MinHash.signature(second);
      int agreeing = 0;
      for (int i = 0; i < MinHash.HASHES; i++) {
        agreeing += a[i] == b[i] ? 1 : 0;
      }
      return agreeing;
    }
  }

  @Property(tries = 60, seed = "42")
  void shareOfEqualHashesEstimatesTheSimilarity(
      @ForAll @DoubleRange(min = 0, max = 1) double similarity,
      @ForAll @LongRange(max = 100000) long seed) {
    Pair pair = Pair.of(similarity, seed);
    double s = pair.similarity();
    double deviation = Math.sqrt(s * (1 - s) / MinHash.HASHES);
    assertThat(pair.agreeing() / (double) MinHash.HASHES)
        .isCloseTo(s, within(4.5 * deviation + 1e-12));
  }

  @Test
  void estimateIsUnbiased() {
    double sum = 0;
    double similarity = 0;
    int pairs = 200;
    for (int seed = 0; seed < pairs; seed++) {
      Pair pair = Pair.of(0.5, seed);
      sum += pair.agreeing() / (double) MinHash.HASHES / pairs;
      similarity += pair.similarity() / pairs;
    }
    double deviation = Math.sqrt(0.25 / MinHash.HASHES / pairs);
    assertThat(sum).isCloseTo(similarity, within(4 * deviation));
  }

  @Property(tries = 60, seed = "43")
  void setsAboveTheThresholdAreFoundAndNoneBelow(
      @ForAll @DoubleRange(min = 0.5, max = 1) double similarity,
      @ForAll @LongRange(max = 100000) long seed) {
    Pair pair = Pair.of(similarity, seed);
    MinHash seen = new MinHash(0.8);
    assertThat(seen.addUnlessNear(pair.first())).isTrue();
    assertThat(seen.addUnlessNear(pair.second())).isEqualTo(pair.similarity() < 0.8);
  }

  @Test
  void shortTextIsOneGram() {
    assertThat(MinHash.grams(List.of("a", "b"), 5)).hasSize(1);
    assertThat(MinHash.grams(List.of("a", "b"), 1)).hasSize(2);
    assertThat(MinHash.jaccard(Set.of(), Set.of())).isEqualTo(1);
  }
}
