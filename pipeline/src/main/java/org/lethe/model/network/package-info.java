/**
 * The adapter of the decoder to Deeplearning4j.
 *
 * <p>Deeplearning4j holds the order of the decoder's layers and the flat parameter vector. Each
 * layer's {@code ParamInitializer} says which tensors lie in the vector, in which order and shape;
 * from that come the layout of parameters, gradients and optimizer state. Each layer's memory
 * report says what its activations take; the memory budget of a run adds these reports. Where the
 * backend's memory is ND4J's, a {@code MultiLayerNetwork} owns the vector, so Deeplearning4j sees
 * every weight as a named view. The arithmetic is not Deeplearning4j's: layers compute on any
 * backend, a device that ND4J does not know included. Start with {@link
 * org.lethe.model.network.FlatNetwork}.
 */
package org.lethe.model.network;
