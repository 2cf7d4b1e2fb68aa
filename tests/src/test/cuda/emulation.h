// Compiles the CUDA kernels as C++ for the CPU. The threads of a block are fibers of one thread of
// the CPU; they take turns at barriers and shuffles. Included in front of every kernel file.
#pragma once

#include <cmath>
#include <cstring>

#define __global__
#define __device__
#define __shared__ static
#define OUT_OF_LINE
#define __launch_bounds__(threads)
#define SHARED_MEMORY(name) float* name = emulation::shared_memory()

struct Dimensions {
  unsigned x, y, z;
};

extern Dimensions threadIdx, blockIdx, blockDim, gridDim;

namespace emulation {
float* shared_memory();

// What one lane shows to the others of its warp.
struct Slot {
  char bytes[24];
};

// Waits until all threads of the warp have come, and gives what each of them shows.
const Slot* exchange(const void* value, int size);

// As mma.cuh says.
void mma(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2]);
unsigned tf32(float value);
} // namespace emulation

void __syncthreads();

template <class T>
T __shfl_xor_sync(unsigned, T value, int distance) {
  T result;
  const emulation::Slot* lanes = emulation::exchange(&value, sizeof(T));
  std::memcpy(&result, lanes[(threadIdx.x % 32) ^ distance].bytes, sizeof(T));
  return result;
}

inline float __int_as_float(int bits) {
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}

inline int __float_as_int(float value) {
  int bits;
  std::memcpy(&bits, &value, 4);
  return bits;
}

#define EMULATED_MMA
using emulation::mma;
using emulation::tf32;

inline int min(int a, int b) { return a < b ? a : b; }
inline int max(int a, int b) { return a > b ? a : b; }
inline long long min(long long a, long long b) { return a < b ? a : b; }
