// Arithmetic on flat vectors of parameters and gradients.
//
// Sums go over pieces of a vector, one block each: piece i ends where piece i + 1 begins, at
// bounds[i + 1]. The host adds the pieces' sums in order.
#include "rows.cuh"

__device__ long long first_element() { return blockIdx.x * (long long)blockDim.x + threadIdx.x; }

__device__ long long step_of_grid() { return gridDim.x * (long long)blockDim.x; }

// sums[i] = |a|^2, |b|^2 and <a, b> of piece i
extern "C" __global__ void inner_products(
    const float* a, const float* b, const long long* bounds, double* sums) {
  double first = 0;
  double second = 0;
  double mixed = 0;
  long long end = bounds[blockIdx.x + 1];
  for (long long i = bounds[blockIdx.x] + threadIdx.x; i < end; i += blockDim.x) {
    double x = a[i];
    double y = b[i];
    first += x * x;
    second += y * y;
    mixed += x * y;
  }
  first = sum_block(first);
  second = sum_block(second);
  mixed = sum_block(mixed);
  if (threadIdx.x == 0) {
    sums[3 * blockIdx.x] = first;
    sums[3 * blockIdx.x + 1] = second;
    sums[3 * blockIdx.x + 2] = mixed;
  }
}

// As inner_products, in the metric of AdamW's next step: 1 / (sqrt(v') inverse_root + epsilon),
// where v' is the second moment after a step along weight_a a + weight_b b.
extern "C" __global__ void adaptive_products(
    const float* a,
    const float* b,
    const float* second_moment,
    double weight_a,
    double weight_b,
    float beta,
    float rest,
    float inverse_root,
    float epsilon,
    const long long* bounds,
    double* sums) {
  double first = 0;
  double second = 0;
  double mixed = 0;
  long long end = bounds[blockIdx.x + 1];
  for (long long i = bounds[blockIdx.x] + threadIdx.x; i < end; i += blockDim.x) {
    float d = (float)(weight_a * a[i] + weight_b * b[i]);
    float v = beta * second_moment[i] + rest * (d * d);
    float metric = 1 / (sqrtf(v) * inverse_root + epsilon);
    double x = (double)metric * a[i];
    double y = (double)metric * b[i];
    first += x * a[i];
    second += y * b[i];
    mixed += x * b[i];
  }
  first = sum_block(first);
  second = sum_block(second);
  mixed = sum_block(mixed);
  if (threadIdx.x == 0) {
    sums[3 * blockIdx.x] = first;
    sums[3 * blockIdx.x + 1] = second;
    sums[3 * blockIdx.x + 2] = mixed;
  }
}

// places[i] = index of the first element of piece i that is NaN or infinite, or -1
extern "C" __global__ void first_non_finite(
    const float* a, const long long* bounds, double* places) {
  long long start = bounds[blockIdx.x];
  long long end = bounds[blockIdx.x + 1];
  float found = MINUS_INFINITY;
  for (long long i = start + threadIdx.x; i < end; i += blockDim.x) {
    if (a[i] - a[i] != 0) { // 0 for every finite number
      found = Maximum::of(found, (float)(start - i));
      break;
    }
  }
  found = reduce_block<Maximum>(found, MINUS_INFINITY);
  if (threadIdx.x == 0) {
    places[blockIdx.x] = found == MINUS_INFINITY ? -1 : start - (double)found;
  }
}

// y = alpha x + beta y, in double and rounded once
extern "C" __global__ void add_scaled(
    double alpha, const float* x, double beta, float* y, long long count) {
  for (long long i = first_element(); i < count; i += step_of_grid()) {
    y[i] = (float)(alpha * x[i] + beta * y[i]);
  }
}

extern "C" __global__ void fill(float value, float* x, long long count) {
  for (long long i = first_element(); i < count; i += step_of_grid()) {
    x[i] = value;
  }
}

// result = sum of weights[k] vectors[k], added in that order in double, rounded once
extern "C" __global__ void weighted_sum(
    const float* const* vectors,
    const double* weights,
    int vector_count,
    float* result,
    long long count) {
  for (long long i = first_element(); i < count; i += step_of_grid()) {
    double sum = 0;
    for (int k = 0; k < vector_count; k++) {
      sum += weights[k] * vectors[k][i];
    }
    result[i] = (float)sum;
  }
}

// b = weight_b b where the signs of a and b differ, weight_a a elsewhere.
extern "C" __global__ void select_by_sign(
    const float* a, double weight_a, float* b, double weight_b, long long count) {
  for (long long i = first_element(); i < count; i += step_of_grid()) {
    bool differ = (a[i] < 0 && b[i] > 0) || (a[i] > 0 && b[i] < 0);
    b[i] = (float)(differ ? weight_b * b[i] : weight_a * a[i]);
  }
}

// The direction of a step: weight_a a + weight_b b, in double and rounded once. b may be null.
struct Direction {
  const float* a;
  const float* b;
  double weight_a;
  double weight_b;

  __device__ float at(long long i) const {
    return (float)(b ? weight_a * a[i] + weight_b * b[i] : weight_a * a[i]);
  }
};

// AdamW (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2)
extern "C" __global__ void adamw(
    float* parameters,
    float* first_moment,
    float* second_moment,
    const float* a,
    double weight_a,
    const float* b,
    double weight_b,
    float beta1,
    float rest1,
    float beta2,
    float rest2,
    float keep,
    float rate,
    float inverse_root,
    float epsilon,
    long long count) {
  Direction direction = {a, b, weight_a, weight_b};
  for (long long i = first_element(); i < count; i += step_of_grid()) {
    float d = direction.at(i);
    float m = beta1 * first_moment[i] + rest1 * d;
    float v = beta2 * second_moment[i] + rest2 * (d * d);
    first_moment[i] = m;
    second_moment[i] = v;
    parameters[i] = keep * parameters[i] - rate * m / (sqrtf(v) * inverse_root + epsilon);
  }
}

// Gradient descent. momentum may be null.
extern "C" __global__ void sgd(
    float* parameters,
    float* momentum,
    const float* a,
    double weight_a,
    const float* b,
    double weight_b,
    double decay,
    double keep,
    double rate,
    long long count) {
  Direction direction = {a, b, weight_a, weight_b};
  for (long long i = first_element(); i < count; i += step_of_grid()) {
    float d = direction.at(i);
    if (momentum) {
      d = (float)(decay * momentum[i] + d);
      momentum[i] = d;
    }
    parameters[i] = (float)(keep * parameters[i] - rate * d);
  }
}
