package org.lethe.compute;

/** Precision of the factors of matrix products on a device. Sums are FLOAT in all of them. */
public enum Products {
  /** 23 bits of mantissa. */
  FLOAT,
  /** 10 bits of mantissa, the input precision of tensor cores. */
  TF32
}
