// Matrix products on tensor cores: a warp multiplies 16 x 8 by 8 x 8 numbers.
// Tensor cores read 10 bits of a FLOAT's mantissa (TF32). FLOAT accuracy needs three products: each
// factor is split into its nearest TF32 number and the rest.
#pragma once
#include "rows.cuh"

// c += a b. Lane l holds, with row = l / 4 and place = l % 4:
//   a: [row, place], [row + 8, place], [row, place + 4], [row + 8, place + 4]
//   b: [place, row], [place + 4, row]
//   c: [row, 2 place], [row, 2 place + 1], [row + 8, 2 place], [row + 8, 2 place + 1]
#ifndef EMULATED_MMA
__device__ inline void mma(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// The nearest TF32 number, as its bits.
__device__ inline unsigned tf32(float value) {
  unsigned bits;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(value));
  return bits;
}
#endif

// Elements of one factor in TF32 and, with EXACT, the rest that TF32 loses.
template <int COUNT, bool EXACT>
struct Factor {
  unsigned high[COUNT];
  unsigned low[COUNT];

  __device__ void set(int i, float value) {
    high[i] = tf32(value);
    if (EXACT) {
      low[i] = tf32(value - __int_as_float(high[i]));
    }
  }
};

template <bool EXACT>
__device__ inline void add_product(
    float (&c)[4], const Factor<4, EXACT>& a, const Factor<2, EXACT>& b) {
  if (EXACT) {
    mma(c, a.low, b.high);
    mma(c, a.high, b.low);
  }
  mma(c, a.high, b.high);
}
