/**
 * Text from a decoder: greedy or sampled continuation of prompts in batches.
 *
 * <p>{@link org.lethe.model.generation.Generator} runs prompts of similar length in batches over a
 * {@link org.lethe.model.Continuation} of the decoder, which holds the key/value cache. {@link
 * org.lethe.model.generation.Sampling} holds the settings for drawing tokens. Evaluation, reveal
 * and cluster use this package. Start with {@code Generator}.
 */
package org.lethe.model.generation;
