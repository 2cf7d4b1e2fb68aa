package org.lethe.compute;

/** Precision of the factors of matrix products. Sums are FLOAT in all of them. */
public enum Products {
  /** 23 bits of mantissa. */
  FLOAT,
  /** 10 bits of mantissa, the input precision of tensor cores. CUDA devices only. */
  TF32,
  /** 7 bits of mantissa. CUDA devices, and CPUs with AVX512_BF16. */
  BFLOAT16
}
