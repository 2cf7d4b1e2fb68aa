package org.lethe.model.family;

import java.util.List;
import java.util.Optional;
import org.lethe.model.architecture.FusedLinear;
import org.lethe.model.architecture.Linear;
import org.lethe.model.architecture.TensorSpec;

/** Whether the linear maps of a module have biases; makes such maps. */
enum Maps {
  PLAIN,
  BIASED;

  static Maps biased(boolean biased) {
    return biased ? BIASED : PLAIN;
  }

  /** A map whose weight is [out, in]. */
  Linear map(String module, int outputs, int inputs) {
    return new Linear(
        TensorSpec.matrix(module + ".weight", outputs, inputs), bias(module, outputs));
  }

  /** A map alone in its product. */
  FusedLinear alone(String module, int outputs, int inputs) {
    return new FusedLinear(List.of(map(module, outputs, inputs)));
  }

  /** A Conv1D module of GPT-2, whose weight is [in, out]. */
  FusedLinear transposed(String module, int outputs, int inputs) {
    TensorSpec weight = TensorSpec.matrix(module + ".weight", inputs, outputs);
    return new FusedLinear(
        List.of(new Linear(weight, Linear.Order.INPUTS_FIRST, bias(module, outputs))));
  }

  private Optional<TensorSpec> bias(String module, int outputs) {
    return this == BIASED
        ? Optional.of(TensorSpec.vector(module + ".bias", outputs))
        : Optional.empty();
  }
}
