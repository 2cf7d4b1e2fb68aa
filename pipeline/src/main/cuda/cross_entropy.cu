// Work over the vocabulary. One block works on one row of logits.
#include "rows.cuh"

__device__ float maximum_of(const float* row, int columns) {
  float maximum = MINUS_INFINITY;
  for (int i = threadIdx.x; i < columns; i += blockDim.x) {
    maximum = Maximum::of(row[i], maximum);
  }
  return reduce_block<Maximum>(maximum, MINUS_INFINITY);
}

// log(sum exp(row))
__device__ double log_sum_of(const float* row, int columns) {
  float maximum = maximum_of(row, columns);
  float sum = 0;
  for (int i = threadIdx.x; i < columns; i += blockDim.x) {
    sum += expf(row[i] - maximum);
  }
  return maximum + log(sum_block((double)sum));
}

// Replaces logits by exp(logit - maximum). losses = log(sum exp) - logit[target].
extern "C" __global__ void exponentials(
    Window logits, const int* targets, double* losses, double* sums) {
  float* row = logits.row(blockIdx.x);
  float maximum = maximum_of(row, logits.columns);
  double target = (double)row[targets[blockIdx.x]] - maximum;
  __syncthreads();
  float sum = 0;
  for (int i = threadIdx.x; i < logits.columns; i += blockDim.x) {
    float exponential = expf(row[i] - maximum);
    row[i] = exponential;
    sum += exponential;
  }
  double total = sum_block((double)sum);
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = total;
    losses[blockIdx.x] = log(total) - target;
  }
}

// exponentials[n, targets[n]] -= sums[n]
extern "C" __global__ void subtract_targets(
    Window exponentials, const int* targets, const double* sums) {
  int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row < exponentials.rows) {
    float* value = exponentials.row(row) + targets[row];
    *value = (float)(*value - sums[row]);
  }
}

// With p = softmax(model) and q = softmax(reference): KL(q || p) and -sum q log p; model becomes
// weights[n] (p - q).
extern "C" __global__ void compare(
    Window model,
    Window reference,
    const double* weights,
    double* divergences,
    double* cross_entropies) {
  float* logits = model.row(blockIdx.x);
  const float* others = reference.row(blockIdx.x);
  float model_log = (float)log_sum_of(logits, model.columns);
  float reference_log = (float)log_sum_of(others, model.columns);
  double weight = weights[blockIdx.x];
  double divergence = 0;
  double cross_entropy = 0;
  for (int i = threadIdx.x; i < model.columns; i += blockDim.x) {
    float log_p = logits[i] - model_log;
    float log_q = others[i] - reference_log;
    float q = expf(log_q);
    // 0 log 0 = 0
    divergence += q == 0 ? 0 : q * (log_q - log_p);
    cross_entropy -= q * log_p;
    logits[i] = (float)(weight * (expf(log_p) - q));
  }
  divergence = sum_block(divergence);
  cross_entropy = sum_block(cross_entropy);
  if (threadIdx.x == 0) {
    divergences[blockIdx.x] = divergence;
    cross_entropies[blockIdx.x] = cross_entropy;
  }
}

// Index of the largest entry of each row; the lowest index wins a tie. -1 if an entry is NaN.
extern "C" __global__ void largest(Window x, int* indices) {
  const float* row = x.row(blockIdx.x);
  float maximum = maximum_of(row, x.columns);
  int first = x.columns;
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    if (row[i] == maximum) {
      first = min(first, i);
    }
  }
  float negated = reduce_block<Maximum>((float)-first, MINUS_INFINITY);
  if (threadIdx.x == 0) {
    indices[blockIdx.x] = maximum != maximum ? -1 : (int)-negated;
  }
}

// With s = logit - maximum of the row: sums of exp(s), exp(s) s and exp(s) s^2.
extern "C" __global__ void moments(
    Window logits, double* maxima, double* sums, double* firsts, double* seconds) {
  const float* row = logits.row(blockIdx.x);
  float maximum = maximum_of(row, logits.columns);
  double sum = 0;
  double first = 0;
  double second = 0;
  for (int i = threadIdx.x; i < logits.columns; i += blockDim.x) {
    float shifted = row[i] - maximum;
    double p = expf(shifted);
    sum += p;
    first += p * shifted;
    second += p * shifted * shifted;
  }
  sum = sum_block(sum);
  first = sum_block(first);
  second = sum_block(second);
  if (threadIdx.x == 0) {
    maxima[blockIdx.x] = maximum;
    sums[blockIdx.x] = sum;
    firsts[blockIdx.x] = first;
    seconds[blockIdx.x] = second;
  }
}
