/**
 * What a decoder is made of, as data: sizes, tensors with names and shapes, norms, positions, and
 * the linear maps of each block with the groups that share one product.
 *
 * <p>{@link org.lethe.model.architecture.Architecture} is the description. Everything that needs a
 * name or a size reads it: layers, loading and saving, LoRA, patterns of trained tensors, the
 * memory budget. A {@link org.lethe.model.architecture.ModelFamily} builds it from config.json;
 * {@link org.lethe.model.family.ModelFamilies} lists the families. This package computes nothing
 * and depends on {@code compute} only for sizes. Start with {@code Architecture}, then {@code
 * Llama}.
 */
package org.lethe.model.architecture;
