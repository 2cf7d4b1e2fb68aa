// The functions of cuBLAS that Lethe calls, as plain loops over host memory. Column-major, as there.
#include <cstdint>
#include <vector>

namespace {
int available = 1;
}

extern "C" {

int cublasCreate_v2(void** handle) {
  *handle = &available;
  return 0;
}

int cublasGetVersion_v2(void*, int* version) {
  *version = 120805;
  return 0;
}

int cublasGemmEx(
    void*,
    int transpose_a,
    int transpose_b,
    int m,
    int n,
    int k,
    const float* alpha,
    const float* a,
    int,
    int stride_a,
    const float* b,
    int,
    int stride_b,
    const float* beta,
    float* c,
    int,
    int stride_c,
    int,
    int) {
  if (m < 0 || n < 0 || k < 0 || stride_c < m) {
    return 7;
  }
  for (int j = 0; j < n; j++) {
    std::vector<float> sums(m, 0.0f);
    for (int l = 0; l < k; l++) {
      float right = transpose_b ? b[(int64_t)l * stride_b + j] : b[(int64_t)j * stride_b + l];
      for (int i = 0; i < m; i++) {
        float left = transpose_a ? a[(int64_t)i * stride_a + l] : a[(int64_t)l * stride_a + i];
        sums[i] += left * right;
      }
    }
    for (int i = 0; i < m; i++) {
      float* target = c + (int64_t)j * stride_c + i;
      *target = *alpha * sums[i] + (*beta == 0 ? 0 : *beta * *target);
    }
  }
  return 0;
}
}
