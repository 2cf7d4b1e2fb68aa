/**
 * FLOAT arithmetic on an NVIDIA GPU: Lethe's own kernels, and cuBLAS for matrix products in FLOAT,
 * TF32 or BFLOAT16.
 *
 * <p>Only {@code compute.selection} uses this package. The kernels are CUDA C in {@code
 * pipeline/src/main/cuda}; their PTX is a resource in the jar. {@link
 * org.lethe.compute.cuda.Device} opens the driver; {@link org.lethe.compute.cuda.CudaCompute} calls
 * the kernels. Start with {@link org.lethe.compute.cuda.CudaBackend}.
 */
package org.lethe.compute.cuda;
