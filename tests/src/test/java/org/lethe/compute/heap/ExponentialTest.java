package org.lethe.compute.heap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExponentialTest {
  @Test
  void exponentialsAreExactToTwoTenMillionths() {
    Exponential exponential = new Exponential();
    float[] x = new float[Exponential.BLOCK];
    float[] given = new float[Exponential.BLOCK];
    for (int i = 0; i < x.length; i++) {
      x[i] = -86.9f + 174f * i / x.length;
      given[i] = x[i];
    }
    exponential.apply(x, x.length);
    for (int i = 0; i < x.length; i++) {
      assertThat(x[i] / Math.exp(given[i]) - 1).isBetween(-2e-7, 2e-7);
    }
  }
}
