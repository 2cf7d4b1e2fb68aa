// Sizes of attention and its scores.
#pragma once
#include "rows.cuh"

// Kernels in Java writes the same layout.
struct Heads {
  int query;
  int key_value;
  int size;
  float scale;
  float cap;  // c of c tanh(score / c), or 0 without a cap
  int window; // tokens that a token sees, itself included

  __device__ bool sees(int query_row, int key_row) const {
    return key_row <= query_row && query_row - key_row < window;
  }

  // First key that a query sees.
  __device__ int first_key(int query_row) const { return max(0, query_row - window + 1); }

  // 1 / c, or 0 without a cap
  __device__ float inverse_cap() const { return cap > 0 ? 1 / cap : 0; }
};

// Slope of the soft cap where its value is the score; 1 without a cap.
__device__ inline float cap_slope(float score, float inverse_cap) {
  float share = score * inverse_cap;
  return 1 - share * share;
}
