// Rotary position embedding (Su et al., arXiv 2104.09864), halves of a head rotated against each
// other as in Llama. One block works on one row.
#include "rows.cuh"

// The tables hold `half` angles for each position; sign is 1 forward and -1 backward. Columns of a
// head of `size` elements beyond 2 half stay as they are.
extern "C" __global__ void rotate(
    Window x,
    const float* cosines,
    const float* sines,
    const int* positions,
    int half,
    int size,
    float sign) {
  float* row = x.row(blockIdx.x);
  long long table = (long long)positions[blockIdx.x] * half;
  for (int i = threadIdx.x; i < x.columns / size * half; i += blockDim.x) {
    int angle = i % half;
    float* head = row + (i / half) * size;
    float cosine = cosines[table + angle];
    float sine = sign * sines[table + angle];
    float low = head[angle];
    float high = head[half + angle];
    head[angle] = low * cosine - high * sine;
    head[half + angle] = high * cosine + low * sine;
  }
}
