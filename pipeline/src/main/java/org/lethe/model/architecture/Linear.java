package org.lethe.model.architecture;

import java.util.Optional;

/**
 * A linear map y = W x + b.
 *
 * @param weight W, [out, in]
 * @param bias b, [out], if the map has one
 */
public record Linear(TensorSpec weight, Optional<TensorSpec> bias) {
  private static final String WEIGHT = ".weight";

  /** Size of y. */
  public int outputs() {
    return weight.rows();
  }

  /** Size of x. */
  public int inputs() {
    return weight.columns();
  }

  /** Name of the module that holds the tensors, {@code model.layers.0.self_attn.q_proj}. */
  public String module() {
    return weight.name().substring(0, weight.name().length() - WEIGHT.length());
  }
}
