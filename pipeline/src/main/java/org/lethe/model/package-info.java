/**
 * The decoder: a language model with forward and backward passes written by hand, over the tensors
 * of a backend.
 *
 * <p>{@link org.lethe.model.Decoder} is the main class. It is built from an {@link
 * org.lethe.model.architecture.Architecture}, an {@link org.lethe.model.Adapter} and a {@link
 * org.lethe.tensor.WeightSource}, and adds gradients of a {@link org.lethe.model.LogitLoss} to a
 * {@link org.lethe.model.Gradients}. {@code BlockLayer} holds the forward and backward pass of one
 * block; start there. Only one thread may use a decoder at a time; a JVM may have several decoders.
 */
package org.lethe.model;
