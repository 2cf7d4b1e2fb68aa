// Attention of new rows over cached keys and values, for generation.
#include "heads.cuh"

// Attention of one new row of each sequence over its cache. blockIdx: row, query head. Each warp
// reads every eighth key; the warps' results are combined at the end. A head has up to 32 PARTS
// elements.
template <int PARTS>
__device__ void attend_cached(
    Heads heads,
    Window qkv,
    Window cache,
    int capacity,
    const int* slots,
    const int* lengths,
    Window out) {
  const int WARPS = 8;
  __shared__ float maxima[WARPS];
  __shared__ float denominators[WARPS];
  __shared__ float sums[WARPS][32 * PARTS];
  int lane = threadIdx.x % 32;
  int warp = threadIdx.x / 32;
  int head = blockIdx.y;
  int size = heads.size;
  int column = head / (heads.query / heads.key_value) * size;
  const float* query = qkv.row(blockIdx.x) + head * size;
  int first = slots[blockIdx.x] * capacity;
  float q[PARTS];
  float sum[PARTS];
  for (int part = 0; part < PARTS; part++) {
    int i = lane + 32 * part;
    q[part] = i < size ? heads.scale * query[i] : 0;
    sum[part] = 0;
  }
  float maximum = MINUS_INFINITY;
  float denominator = 0;
  int length = lengths[blockIdx.x];
  for (int key = heads.first_key(length - 1) + warp; key < length; key += WARPS) {
    const float* keys = cache.row(first + key) + column;
    const float* values = keys + heads.key_value * size;
    float score = 0;
    for (int part = 0; part < PARTS; part++) {
      int i = lane + 32 * part;
      score += i < size ? q[part] * keys[i] : 0;
    }
    score = reduce_lanes<Sum>(score, 32);
    if (heads.cap > 0) {
      score = heads.cap * tanhf(score / heads.cap);
    }
    float larger = Maximum::of(score, maximum);
    float kept = expf(maximum - larger);
    float p = expf(score - larger);
    maximum = larger;
    denominator = denominator * kept + p;
    for (int part = 0; part < PARTS; part++) {
      int i = lane + 32 * part;
      sum[part] = sum[part] * kept + (i < size ? p * values[i] : 0);
    }
  }
  maxima[warp] = maximum;
  denominators[warp] = denominator;
  for (int part = 0; part < PARTS; part++) {
    sums[warp][lane + 32 * part] = sum[part];
  }
  __syncthreads();
  for (int i = 0; i < WARPS; i++) {
    maximum = Maximum::of(maxima[i], maximum);
  }
  for (int c = threadIdx.x; c < size; c += blockDim.x) {
    float total = 0;
    float all = 0;
    for (int i = 0; i < WARPS; i++) {
      float factor = expf(maxima[i] - maximum);
      total += factor * sums[i][c];
      all += factor * denominators[i];
    }
    out.row(blockIdx.x)[head * size + c] = total / all;
  }
}

#define CACHED_ATTENTION(SIZE)                                                                 \
  extern "C" __global__ void attend_cached_##SIZE(                                             \
      Heads heads, Window qkv, Window cache, int capacity, const int* slots,                   \
      const int* lengths, Window out) {                                                        \
    attend_cached<SIZE / 32>(heads, qkv, cache, capacity, slots, lengths, out);                \
  }

CACHED_ATTENTION(64)
CACHED_ATTENTION(128)
CACHED_ATTENTION(256)
