// RMSNorm (Zhang and Sennrich, arXiv 1910.07467, equation 4). One block works on one row.
#include "rows.cuh"

// inverse = 1 / sqrt(mean(x^2) + epsilon), out = x inverse weight
extern "C" __global__ void normalize(
    Window x, Window weight, float epsilon, Window inverse, Window out) {
  const float* row = x.row(blockIdx.x);
  float squares = 0;
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    squares += row[i] * row[i];
  }
  float factor = 1 / sqrtf(sum_block(squares) / x.columns + epsilon);
  if (threadIdx.x == 0) {
    inverse.row(blockIdx.x)[0] = factor;
  }
  float* target = out.row(blockIdx.x);
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    target[i] = row[i] * factor * weight.data[i];
  }
}

// out = x - mean(x); both may be the same matrix
extern "C" __global__ void center_rows(Window x, Window out) {
  const float* row = x.row(blockIdx.x);
  float sum = 0;
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    sum += row[i];
  }
  float mean = sum_block(sum) / x.columns;
  float* target = out.row(blockIdx.x);
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    target[i] = row[i] - mean;
  }
}

extern "C" __global__ void renormalize(Window x, Window weight, Window inverse, Window out) {
  const float* row = x.row(blockIdx.x);
  float factor = inverse.row(blockIdx.x)[0];
  float* target = out.row(blockIdx.x);
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    target[i] = row[i] * factor * weight.data[i];
  }
}

// d_x += inverse d_y - inverse^3 mean(d_y x) x, with d_y = d_out weight
extern "C" __global__ void normalize_backward(
    Window d_out, Window x, Window weight, Window inverse, Window d_x) {
  const float* row = x.row(blockIdx.x);
  const float* gradient = d_out.row(blockIdx.x);
  float along = 0;
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    along += gradient[i] * weight.data[i] * row[i];
  }
  float factor = inverse.row(blockIdx.x)[0];
  along = sum_block(along) / x.columns * factor * factor * factor;
  float* target = d_x.row(blockIdx.x);
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    target[i] += gradient[i] * weight.data[i] * factor - row[i] * along;
  }
}
