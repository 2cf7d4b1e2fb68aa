package org.lethe.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Map from the normalised residual stream to logits.
 *
 * @param name name of the weight, which some files also hold for a tied head
 * @param weight [V, D]; empty if it is the token embedding
 * @param bias [V], if there is one
 * @param softCap c of c tanh(logit / c), if there is one
 */
public record LanguageHead(
    String name, Optional<TensorSpec> weight, Optional<TensorSpec> bias, OptionalDouble softCap) {
  /** A head without bias and cap. */
  public static LanguageHead of(String name, Optional<TensorSpec> weight) {
    return new LanguageHead(name, weight, Optional.empty(), OptionalDouble.empty());
  }

  /** Weight and bias, as far as the head has its own. */
  public List<TensorSpec> tensors() {
    List<TensorSpec> tensors = new ArrayList<>();
    weight.ifPresent(tensors::add);
    bias.ifPresent(tensors::add);
    return tensors;
  }
}
