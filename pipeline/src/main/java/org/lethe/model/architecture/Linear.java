package org.lethe.model.architecture;

import java.util.Optional;

/**
 * A linear map y = W x + b.
 *
 * @param weight W, [out, in] or [in, out]
 * @param order order of the weight's dimensions
 * @param bias b, [out], if the map has one
 */
public record Linear(TensorSpec weight, Order order, Optional<TensorSpec> bias) {
  /** Order of a weight's dimensions. */
  public enum Order {
    OUTPUTS_FIRST,
    /** As in the Conv1D modules of GPT-2. */
    INPUTS_FIRST
  }

  /** A map whose weight is [out, in]. */
  public Linear(TensorSpec weight, Optional<TensorSpec> bias) {
    this(weight, Order.OUTPUTS_FIRST, bias);
  }

  private static final String WEIGHT = ".weight";

  /** Size of y. */
  public int outputs() {
    return order == Order.OUTPUTS_FIRST ? weight.rows() : weight.columns();
  }

  /** Size of x. */
  public int inputs() {
    return order == Order.OUTPUTS_FIRST ? weight.columns() : weight.rows();
  }

  /** Name of the module that holds the tensors, {@code model.layers.0.self_attn.q_proj}. */
  public String module() {
    return weight.name().substring(0, weight.name().length() - WEIGHT.length());
  }
}
