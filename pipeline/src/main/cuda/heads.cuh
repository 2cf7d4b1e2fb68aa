// Sizes of attention.
#pragma once
#include "rows.cuh"

// Kernels in Java writes the same layout.
struct Heads {
  int query;
  int key_value;
  int size;
  float scale;
};
