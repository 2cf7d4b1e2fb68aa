/**
 * FLOAT arithmetic on an NVIDIA GPU: kernels of our own and the products of cuBLAS.
 *
 * <p>Only {@code compute.selection} uses this package. The kernels are CUDA C in {@code
 * pipeline/src/main/cuda}; their PTX travels as a resource. {@link org.lethe.compute.cuda.Device}
 * opens the driver, {@link org.lethe.compute.cuda.CudaCompute} calls the kernels. Start reading at
 * {@link org.lethe.compute.cuda.CudaBackend}.
 */
package org.lethe.compute.cuda;
