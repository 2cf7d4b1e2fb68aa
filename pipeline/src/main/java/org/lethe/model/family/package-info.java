/**
 * The families of models that Lethe computes. Each reads its config.json into an {@link
 * org.lethe.model.architecture.Architecture}, and rejects by name what the decoder does not
 * compute.
 *
 * <p>A new family is one class, listed in {@link org.lethe.model.family.ModelFamilies}, and one row
 * of the golden files. Start with {@code Llama}.
 */
package org.lethe.model.family;
