package org.lethe.objective;

/** The factor before the logarithm of DPO. */
public enum PreferenceScale {
  /** 1, as in the DPO paper and TOFU's code. */
  ONE,
  /** 2 / beta, as in NPO and in all preference losses of open-unlearning. */
  TWO_OVER_BETA;

  double of(double beta) {
    return this == ONE ? 1 : 2 / beta;
  }
}
