/**
 * Tensors at rest and as flat vectors: safetensors files, and arithmetic on flat parameter vectors.
 *
 * <p>Nothing here knows what a model is.
 */
package org.lethe.tensor;
