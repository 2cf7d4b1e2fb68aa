package org.lethe.model.architecture;

import java.util.Optional;

/** A family of models: reads its config.json into an {@link Architecture}. */
public interface ModelFamily {
  /** Value of {@code model_type}, {@code llama}. */
  String modelType();

  /** Value of {@code architectures}, {@code LlamaForCausalLM}. */
  String className();

  /**
   * Reads sizes and choices. Adds a problem to the keys for every setting that the decoder does not
   * implement.
   *
   * @return the description, or empty if there is a problem
   */
  Optional<Architecture> read(ConfigKeys keys);
}
