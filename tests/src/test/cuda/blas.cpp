// The functions of cuBLAS that Lethe calls, as plain loops over host memory. Column-major, as there.
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

// Of the driver: appends work to the stream.
extern "C" void emulation_append(const std::function<void()>& work);

namespace {
const int FLOAT = 0;
const int BFLOAT16 = 14;
const int SUMS_IN_FLOAT = 68;
const int FACTORS_IN_TF32 = 77;
const int INVALID_VALUE = 7;
const int NOT_SUPPORTED = 15;

int available = 1;

// An element of a factor, rounded as the tensor cores read it.
float element(const void* factor, int type, int64_t index, int compute_type) {
  uint32_t bits;
  if (type == BFLOAT16) {
    bits = (uint32_t)((const uint16_t*)factor)[index] << 16;
  } else {
    bits = ((const uint32_t*)factor)[index];
    bool finite = (bits & 0x7f800000) != 0x7f800000;
    if (compute_type == FACTORS_IN_TF32 && finite) {
      bits = (bits + 0x1000) & ~0x1fffu;
    }
  }
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}
} // namespace

extern "C" {

int cublasCreate_v2(void** handle) {
  *handle = &available;
  return 0;
}

// There is one stream, the driver's.
int cublasSetStream_v2(void*, void* stream) {
  return stream ? 0 : INVALID_VALUE;
}

int cublasSetWorkspace_v2(void*, void* workspace, size_t bytes) {
  return workspace && bytes ? 0 : INVALID_VALUE;
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
    const void* a,
    int type_a,
    int stride_a,
    const void* b,
    int type_b,
    int stride_b,
    const float* beta,
    float* c,
    int type_c,
    int stride_c,
    int compute_type,
    int) {
  if (m < 0 || n < 0 || k < 0 || stride_c < m) {
    return INVALID_VALUE;
  }
  bool floats = type_a == FLOAT && (compute_type == SUMS_IN_FLOAT || compute_type == FACTORS_IN_TF32);
  bool bfloats = type_a == BFLOAT16 && compute_type == SUMS_IN_FLOAT;
  if (type_a != type_b || type_c != FLOAT || !(floats || bfloats)) {
    return NOT_SUPPORTED;
  }
  float product = *alpha;
  float kept = *beta;
  emulation_append([=] {
    for (int j = 0; j < n; j++) {
      std::vector<float> sums(m, 0.0f);
      for (int l = 0; l < k; l++) {
        int64_t at_b = transpose_b ? (int64_t)l * stride_b + j : (int64_t)j * stride_b + l;
        float right = element(b, type_b, at_b, compute_type);
        for (int i = 0; i < m; i++) {
          int64_t at_a = transpose_a ? (int64_t)i * stride_a + l : (int64_t)l * stride_a + i;
          sums[i] += element(a, type_a, at_a, compute_type) * right;
        }
      }
      for (int i = 0; i < m; i++) {
        float* target = c + (int64_t)j * stride_c + i;
        *target = product * sums[i] + (kept == 0 ? 0 : kept * *target);
      }
    }
  });
  return 0;
}
}
