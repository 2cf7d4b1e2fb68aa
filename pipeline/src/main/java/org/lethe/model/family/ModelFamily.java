package org.lethe.model.family;

import java.util.Optional;
import java.util.Set;
import org.lethe.model.architecture.Architecture;

/** A family of models: reads its config.json into an {@link Architecture}. */
public interface ModelFamily {
  /** Value of {@code model_type}, {@code llama}. */
  String modelType();

  /** Value of {@code architectures}, {@code LlamaForCausalLM}. */
  String className();

  /** Keys that change the computation of this family in a way that it implements. */
  default Set<String> computedKeys() {
    return Set.of();
  }

  /**
   * Reads sizes and choices. Adds a problem to the keys for every setting that the decoder does not
   * implement.
   *
   * @return the description, or empty if there is a problem
   */
  Optional<Architecture> read(ConfigKeys keys);
}
