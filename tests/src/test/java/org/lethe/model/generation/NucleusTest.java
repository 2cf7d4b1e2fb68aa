package org.lethe.model.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NucleusTest {
  private final Nucleus nucleus = new Nucleus();

  /** By its definition: sort, and add up from the largest. */
  private static float bySorting(float[] logits, float least, double temperature, double share) {
    double[] sorted = new double[logits.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = -logits[i];
    }
    Arrays.sort(sorted);
    double sum = 0;
    for (double negative : sorted) {
      sum += -negative >= least ? Math.exp(-negative / temperature) : 0;
    }
    double reached = 0;
    int kept = 0;
    while (reached < share * sum) {
      reached += Math.exp(-sorted[kept] / temperature);
      kept++;
    }
    return (float) -sorted[Math.max(0, kept - 1)];
  }

  private static float largest(float[] logits) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    return largest;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.3, 0.7, 0.9, 0.95, 0.999})
  void keepsWhatSortingKeeps(double share) {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 60; round++) {
      float[] logits = new float[1 + random.nextInt(3000)];
      double spread = Math.exp(random.nextDouble(-3, 3));
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) (spread * random.nextDouble(-1, 1) - 2);
      }
      double temperature = random.nextDouble(0.3, 3);
      float largest = largest(logits);
      float least = largest - (float) (20 * temperature);
      assertThat(nucleus.leastKept(logits, largest, least, temperature, share))
          .as("round %d", round)
          .isEqualTo(bySorting(logits, least, temperature, share));
    }
  }

  @Test
  void equalLogitsAreAllKept() {
    float[] logits = new float[500];
    assertThat(nucleus.leastKept(logits, 0, -20, 1, 0.5)).isZero();
  }

  @Test
  void oneLogitThatOutweighsAllIsKeptAlone() {
    float[] logits = {-5, 9, -5.5f, Float.NEGATIVE_INFINITY, -4};
    assertThat(nucleus.leastKept(logits, 9, -11, 1, 0.9)).isEqualTo(9);
  }
}
