package org.lethe.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A norm over the last dimension. Its factor is w plus an offset.
 *
 * @param kind formula
 * @param size number of elements that are normalised together
 * @param weight w, [size]; the factor is 1 without it
 * @param offset added to w: 1 in Gemma's norms, else 0
 * @param bias b, [size], if the norm has one
 * @param epsilon added to the mean of squares
 */
public record Norm(
    Kind kind,
    int size,
    Optional<TensorSpec> weight,
    double offset,
    Optional<TensorSpec> bias,
    double epsilon) {
  /** Formulas of norms. */
  public enum Kind {
    /** RMSNorm (Zhang and Sennrich, arXiv 1910.07467): w x / sqrt(mean(x^2) + epsilon). */
    ROOT_MEAN_SQUARE,
    /** LayerNorm (Ba et al., arXiv 1607.06450): RMSNorm of x - mean(x), plus b. */
    LAYER
  }

  /** RMSNorm with the weights of a module. */
  public static Norm rms(String module, int size, double epsilon) {
    return new Norm(
        Kind.ROOT_MEAN_SQUARE, size, weight(module, size), 0, Optional.empty(), epsilon);
  }

  /** RMSNorm with the factor 1 + w, as in Gemma. */
  public static Norm shiftedRms(String module, int size, double epsilon) {
    return new Norm(
        Kind.ROOT_MEAN_SQUARE, size, weight(module, size), 1, Optional.empty(), epsilon);
  }

  /** LayerNorm with the weights and biases of a module. */
  public static Norm layer(String module, int size, double epsilon) {
    return new Norm(
        Kind.LAYER,
        size,
        weight(module, size),
        0,
        Optional.of(TensorSpec.vector(module + ".bias", size)),
        epsilon);
  }

  /** LayerNorm without tensors. */
  public static Norm plainLayer(int size, double epsilon) {
    return new Norm(Kind.LAYER, size, Optional.empty(), 0, Optional.empty(), epsilon);
  }

  private static Optional<TensorSpec> weight(String module, int size) {
    return Optional.of(TensorSpec.vector(module + ".weight", size));
  }

  /** Weight and bias, as far as the norm has them. */
  public List<TensorSpec> tensors() {
    List<TensorSpec> tensors = new ArrayList<>();
    weight.ifPresent(tensors::add);
    bias.ifPresent(tensors::add);
    return tensors;
  }
}
