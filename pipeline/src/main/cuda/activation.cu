// Activations of the feed-forward network, alone or as a gate (Shazeer, arXiv 2002.05202, equation
// 6): f(gate) up, with gate and up side by side. One block works on one row.
#include "rows.cuh"

// A value and its slope.
struct Activated {
  float value;
  float slope;
};

// In the order of Activation in Java.
struct Silu {
  __device__ static Activated at(float x) {
    float sigmoid = 1 / (1 + expf(-x));
    float silu = x * sigmoid;
    return {silu, sigmoid + silu * (1 - sigmoid)};
  }

  __device__ static float value(float x) { return x / (1 + expf(-x)); }
};

struct Gelu {
  __device__ static Activated at(float x) {
    float share = 0.5f * erfcf(-0.70710678f * x);
    return {x * share, share + x * 0.39894228f * expf(-0.5f * x * x)};
  }

  __device__ static float value(float x) { return at(x).value; }
};

struct GeluTanh {
  __device__ static Activated at(float x) {
    float t = tanhf(0.79788456f * (x + 0.044715f * x * x * x));
    float inner = 0.79788456f * (1 + 3 * 0.044715f * x * x);
    return {0.5f * x * (1 + t), 0.5f * (1 + t) + 0.5f * x * (1 - t * t) * inner};
  }

  __device__ static float value(float x) { return at(x).value; }
};

struct Relu {
  __device__ static Activated at(float x) { return {x > 0 ? x : 0, x > 0 ? 1.0f : 0.0f}; }

  __device__ static float value(float x) { return at(x).value; }
};

template <class F>
__device__ void gate(Window gate_up, Window out) {
  const float* gates = gate_up.row(blockIdx.x);
  const float* ups = gates + out.columns;
  float* target = out.row(blockIdx.x);
  for (int i = threadIdx.x; i < out.columns; i += blockDim.x) {
    target[i] = F::value(gates[i]) * ups[i];
  }
}

// Replaces gate_up by its gradient and leaves f(gate) up in activated.
template <class F>
__device__ void gate_backward(Window d_out, Window gate_up, Window activated) {
  float* gates = gate_up.row(blockIdx.x);
  float* ups = gates + d_out.columns;
  const float* gradient = d_out.row(blockIdx.x);
  float* target = activated.row(blockIdx.x);
  for (int i = threadIdx.x; i < d_out.columns; i += blockDim.x) {
    float up = ups[i];
    Activated f = F::at(gates[i]);
    target[i] = f.value * up;
    gates[i] = gradient[i] * up * f.slope;
    ups[i] = gradient[i] * f.value;
  }
}

template <class F>
__device__ void activate(Window x, Window out) {
  const float* row = x.row(blockIdx.x);
  float* target = out.row(blockIdx.x);
  for (int i = threadIdx.x; i < out.columns; i += blockDim.x) {
    target[i] = F::value(row[i]);
  }
}

// Replaces x by its gradient and leaves f(x) in activated.
template <class F>
__device__ void activate_backward(Window d_out, Window x, Window activated) {
  float* row = x.row(blockIdx.x);
  const float* gradient = d_out.row(blockIdx.x);
  float* target = activated.row(blockIdx.x);
  for (int i = threadIdx.x; i < d_out.columns; i += blockDim.x) {
    Activated f = F::at(row[i]);
    target[i] = f.value;
    row[i] = gradient[i] * f.slope;
  }
}

#define ACTIVATION(NAME, F)                                                                    \
  extern "C" __global__ void gate_##NAME(Window gate_up, Window out) { gate<F>(gate_up, out); } \
  extern "C" __global__ void gate_backward_##NAME(                                             \
      Window d_out, Window gate_up, Window activated) {                                        \
    gate_backward<F>(d_out, gate_up, activated);                                               \
  }                                                                                            \
  extern "C" __global__ void activate_##NAME(Window x, Window out) { activate<F>(x, out); }     \
  extern "C" __global__ void activate_backward_##NAME(                                         \
      Window d_out, Window x, Window activated) {                                              \
    activate_backward<F>(d_out, x, activated);                                                 \
  }

ACTIVATION(silu, Silu)
ACTIVATION(gelu, Gelu)
ACTIVATION(gelu_tanh, GeluTanh)
ACTIVATION(relu, Relu)

// x = cap tanh(x / cap)
extern "C" __global__ void soft_cap(float cap, Window x) {
  float* row = x.row(blockIdx.x);
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    row[i] = cap * tanhf(row[i] / cap);
  }
}

// The gradient of capped values becomes that of the values before soft_cap.
extern "C" __global__ void soft_cap_backward(float cap, Window capped, Window gradient) {
  const float* values = capped.row(blockIdx.x);
  float* row = gradient.row(blockIdx.x);
  for (int i = threadIdx.x; i < gradient.columns; i += blockDim.x) {
    float share = values[i] / cap;
    row[i] *= 1 - share * share;
  }
}
