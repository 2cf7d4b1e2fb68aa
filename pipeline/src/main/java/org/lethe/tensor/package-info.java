/**
 * Tensors at rest: safetensors files, data types, and the native libraries of the process.
 *
 * <p>Every package may use it; it does not know what a model is or where memory lives. {@link
 * org.lethe.tensor.SafetensorsReader} and {@link org.lethe.tensor.SafetensorsWriter} are where to
 * start reading: they move elements through {@link org.lethe.tensor.TensorValues}, which the
 * vectors of each backend implement.
 */
package org.lethe.tensor;
