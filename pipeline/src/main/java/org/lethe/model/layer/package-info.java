/**
 * Pieces that the decoder's layers consist of: weights cut from flat vectors, norms, rotary tables
 * and the key/value cache.
 *
 * <p>They compute on matrices of any backend and know neither passes nor adapters; the layers in
 * {@code model} put them together. Start with {@link org.lethe.model.layer.WeightSlices}.
 */
package org.lethe.model.layer;
