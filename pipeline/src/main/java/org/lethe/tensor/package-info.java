/**
 * Tensors at rest: safetensors files, data types, and the native libraries of the process.
 *
 * <p>Packages from {@code compute} upwards use this one; it uses {@code error} only. It does not
 * know what a model is or where memory is. Start with {@link org.lethe.tensor.SafetensorsReader}
 * and {@link org.lethe.tensor.SafetensorsWriter}. They move elements through {@link
 * org.lethe.tensor.TensorValues}, which the vectors of each backend implement.
 */
package org.lethe.tensor;
