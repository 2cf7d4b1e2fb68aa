// Sizes of attention.
#pragma once
#include "rows.cuh"

// Its layout is that of Heads in Java's Kernels.
struct Heads {
  int query;
  int key_value;
  int size;
  float scale;
};
