/**
 * The decoder: a Llama-architecture language model whose parameters and layers are held by
 * Deeplearning4j, with forward and backward passes written by hand.
 *
 * <p>{@link org.lethe.model.Decoder} is the entry: it is built from a {@link
 * org.lethe.model.DecoderConfig}, an {@link org.lethe.model.Adapter} and a {@link
 * org.lethe.model.WeightSource}, and adds gradients of a {@link org.lethe.model.LogitLoss} to a
 * {@link org.lethe.model.Gradients}. A decoder belongs to one thread at a time; several decoders
 * may live in one JVM.
 */
package org.lethe.model;
