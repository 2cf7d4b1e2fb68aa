// Shared by all kernels: windows of matrices, and sums over the threads of a block.
//
// Every sum has a fixed order, so the same input gives the same bytes. No kernel uses atomics.
#pragma once

// A row-major window of a matrix. Kernels in Java writes the same layout.
struct Window {
  float* data;
  long long stride; // elements from one row to the next
  int rows;
  int columns;

  __device__ float* row(int index) const { return data + index * stride; }
};

// Shared memory whose size the launch decides.
#ifndef SHARED_MEMORY
#define SHARED_MEMORY(name) extern __shared__ float name[]
#endif

// For functions that would make kernels much longer if inlined.
#ifndef OUT_OF_LINE
#define OUT_OF_LINE __noinline__
#endif

#define EVERY_LANE 0xffffffffu
#define MINUS_INFINITY (-__int_as_float(0x7f800000))

struct Sum {
  template <class T>
  __device__ static T of(T a, T b) {
    return a + b;
  }
};

struct Maximum {
  // The maximum of NaN and any number is NaN, so that NaN reaches the result.
  __device__ static float of(float a, float b) { return a != a || a > b ? a : b; }
};

// Combines the values of `width` neighbouring lanes. Every lane receives the result.
template <class Operation, class T>
__device__ T reduce_lanes(T value, int width) {
  for (int distance = width / 2; distance > 0; distance /= 2) {
    value = Operation::of(value, __shfl_xor_sync(EVERY_LANE, value, distance));
  }
  return value;
}

// Combines the values of all threads of a block. Every thread receives the result. All threads of
// the block must call this; their number must be a multiple of 32.
template <class Operation, class T>
__device__ T reduce_block(T value, T neutral) {
  __shared__ T warps[32];
  int lane = threadIdx.x % 32;
  value = reduce_lanes<Operation>(value, 32);
  if (lane == 0) {
    warps[threadIdx.x / 32] = value;
  }
  __syncthreads();
  value = lane < blockDim.x / 32 ? warps[lane] : neutral;
  value = reduce_lanes<Operation>(value, 32);
  __syncthreads();
  return value;
}

template <class T>
__device__ T sum_block(T value) {
  return reduce_block<Sum>(value, T(0));
}
