/**
 * Models on disk: folders in the Hugging Face layout and LoRA adapters in the PEFT layout.
 *
 * <p>{@link org.lethe.model.directory.ModelDirectory} opens and checks a model, {@link
 * org.lethe.model.directory.ModelDirectoryWriter} writes one, {@link
 * org.lethe.model.directory.AdapterDirectory} does both for adapters. Remote folders are read
 * through {@link org.lethe.model.directory.ModelCache}. The model package does not depend on files:
 * it reads weights through {@link org.lethe.tensor.WeightSource}. Start with {@code
 * ModelDirectory}.
 */
package org.lethe.model.directory;
