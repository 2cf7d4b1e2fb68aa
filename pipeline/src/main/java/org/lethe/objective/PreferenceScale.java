package org.lethe.objective;

/** The factor before the logarithm of DPO. */
public enum PreferenceScale {
  /** 1, as the DPO paper and TOFU's code have it. */
  ONE,
  /** 2 / beta, as NPO has it and open-unlearning for all its preference losses. */
  TWO_OVER_BETA;

  double of(double beta) {
    return this == ONE ? 1 : 2 / beta;
  }
}
