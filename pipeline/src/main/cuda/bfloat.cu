// BFLOAT16, the upper half of a FLOAT: frozen weights, and factors of products. One block works on
// one row.
#include "rows.cuh"

__device__ float widened(unsigned short bits) { return __int_as_float((int)bits << 16); }

// The nearest BFLOAT16 number; the even one of two.
__device__ unsigned short nearest_bfloat(float value) {
  unsigned bits = (unsigned)__float_as_int(value);
  if (value != value) {
    return (unsigned short)(bits >> 16 | 0x40);
  }
  return (unsigned short)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

// Cuts x into `count` matrices whose sum it is, up to rounding: each is the BFLOAT16 number nearest
// to what the ones before leave. Matrix k begins at element k part; its rows are `stride` apart.
extern "C" __global__ void split_rows(
    Window x, unsigned short* parts, int count, long long part, int stride) {
  const float* row = x.row(blockIdx.x);
  unsigned short* target = parts + blockIdx.x * (long long)stride;
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    float rest = row[i];
    for (int k = 0; k < count; k++) {
      unsigned short bits = nearest_bfloat(rest);
      target[k * part + i] = bits;
      rest -= widened(bits);
    }
  }
}

// to = from, a matrix of the same size without gaps
extern "C" __global__ void widen_rows(const unsigned short* from, Window to) {
  const unsigned short* row = from + blockIdx.x * (long long)to.columns;
  float* target = to.row(blockIdx.x);
  for (int i = threadIdx.x; i < to.columns; i += blockDim.x) {
    target[i] = widened(row[i]);
  }
}

// out[n] = table[ids[n]]
extern "C" __global__ void gather_bfloat_rows(
    const unsigned short* table, const int* ids, Window out) {
  const unsigned short* row = table + ids[blockIdx.x] * (long long)out.columns;
  float* target = out.row(blockIdx.x);
  for (int i = threadIdx.x; i < out.columns; i += blockDim.x) {
    target[i] = widened(row[i]);
  }
}
