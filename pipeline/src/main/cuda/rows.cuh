// What the kernels share: windows of matrices and sums over the threads of a block.
//
// Every sum has a fixed order, so the same input gives the same bytes. No kernel uses atomics.
#pragma once

// A row-major window of a matrix. Its layout is that of Arguments.window in Java.
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

// For functions that would make kernels much longer.
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
  // NaN wins, so that it reaches the result.
  __device__ static float of(float a, float b) { return a != a || a > b ? a : b; }
};

// Combines the values of `width` neighbouring lanes; each of them gets the result.
template <class Operation, class T>
__device__ T reduce_lanes(T value, int width) {
  for (int distance = width / 2; distance > 0; distance /= 2) {
    value = Operation::of(value, __shfl_xor_sync(EVERY_LANE, value, distance));
  }
  return value;
}

// Combines the values of all threads of a block; each of them gets the result. A block has a
// multiple of 32 threads, and all of them call.
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
