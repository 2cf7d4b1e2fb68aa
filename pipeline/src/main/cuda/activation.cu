// SwiGLU (Shazeer, arXiv 2002.05202, equation 6): silu(gate) up, with gate and up side by side.
// One block works on one row.
#include "rows.cuh"

extern "C" __global__ void gate(Window gate_up, Window out) {
  const float* gates = gate_up.row(blockIdx.x);
  const float* ups = gates + out.columns;
  float* target = out.row(blockIdx.x);
  for (int i = threadIdx.x; i < out.columns; i += blockDim.x) {
    target[i] = gates[i] / (1 + expf(-gates[i])) * ups[i];
  }
}

// Replaces gate_up by its gradient and leaves silu(gate) up in activated.
extern "C" __global__ void gate_backward(Window d_out, Window gate_up, Window activated) {
  float* gates = gate_up.row(blockIdx.x);
  float* ups = gates + d_out.columns;
  const float* gradient = d_out.row(blockIdx.x);
  float* target = activated.row(blockIdx.x);
  for (int i = threadIdx.x; i < d_out.columns; i += blockDim.x) {
    float up = ups[i];
    float sigmoid = 1 / (1 + expf(-gates[i]));
    float silu = gates[i] * sigmoid;
    float slope = sigmoid + silu * (1 - sigmoid);
    target[i] = silu * up;
    gates[i] = gradient[i] * up * slope;
    ups[i] = gradient[i] * silu;
  }
}
