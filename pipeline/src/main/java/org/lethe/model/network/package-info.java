/**
 * The adapter of the decoder to Deeplearning4j.
 *
 * <p>Deeplearning4j holds the order of the decoder's layers and the flat parameter vector. Each
 * layer's {@code ParamInitializer} lists the layer's tensors in the vector with order and shape.
 * Parameters, gradients and optimizer state have this layout. Each layer's memory report gives the
 * size of its activations; the memory budget of a run adds these reports. If the backend's memory
 * is ND4J's, a {@code MultiLayerNetwork} owns the vector, so Deeplearning4j sees every weight as a
 * named view. Deeplearning4j does no arithmetic: layers compute on any backend, even on a device
 * that ND4J does not know. Start with {@link org.lethe.model.network.FlatNetwork}.
 */
package org.lethe.model.network;
