package org.lethe.objective.point;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorMath;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.ParameterLayout.Entry;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.tensor.TensorValues;
import org.lethe.text.Batch;

/**
 * DurableUn (arXiv 2605.02196): the gradient at parameters rounded to 4 bits, passed straight
 * through the rounding to the parameters themselves. Without it, forgetting that moves weights by
 * less than a step of the rounding disappears in a quantised copy.
 *
 * <p>Rounds the trained weights of the blocks' linear maps, or all LoRA factors. Each row (one
 * output in most families) is a multiple, from -8 to 7, of a seventh of its largest magnitude. A
 * frozen base model is not rounded. Public code rounds it too, and the language-model head.
 *
 * @param share of the rounded point, above 0 to 1; the rest is the gradient at the parameters. The
 *     paper adds the loss of the rounded model with weight a to that of the model: that is 1 + a
 *     times the share a / (1 + a)
 */
public record Rounded(double share) implements GradientPoint {
  private static final int MOST = 7;
  private static final double SMALLEST = 1e-8;

  public Rounded {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "Invalid share: " + share + ", expected above 0 and at most 1");
    }
  }

  @Override
  public int vectors() {
    return share < 1 ? 2 : 1;
  }

  @Override
  public LossSum accumulate(
      Decoder decoder, List<Batch> batches, Objective objective, Gradients gradients) {
    if (share == 1) {
      return atRounded(decoder, batches, objective, gradients);
    }
    VectorMath math = gradients.flat().math();
    try (Gradients part = decoder.newGradients()) {
      LossSum rounded = atRounded(decoder, batches, objective, part);
      math.addScaled(share, part.flat(), gradients.flat());
      part.clear();
      LossSum plain = GradientPoint.add(decoder, batches, objective, part);
      math.addScaled(1 - share, part.flat(), gradients.flat());
      return new LossSum(share * rounded.sum() + (1 - share) * plain.sum(), plain.count());
    }
  }

  private static LossSum atRounded(
      Decoder decoder, List<Batch> batches, Objective objective, Gradients gradients) {
    FlatVector parameters = decoder.parameters();
    VectorMath math = parameters.math();
    try (FlatVector kept = math.copyOf(parameters)) {
      round(decoder);
      try {
        return GradientPoint.add(decoder, batches, objective, gradients);
      } finally {
        math.copy(kept, parameters);
      }
    }
  }

  private static void round(Decoder decoder) {
    Set<String> linear =
        decoder.architecture().blocks().stream()
            .flatMap(block -> block.linears().stream())
            .map(map -> map.weight().name())
            .collect(Collectors.toSet());
    boolean factors = decoder.adapter() instanceof Adapter.Lora;
    for (Entry entry : decoder.layout().entries()) {
      if (factors || linear.contains(entry.name())) {
        round(decoder.layout().view(decoder.parameters(), entry));
      }
    }
  }

  private static void round(TensorValues matrix) {
    int columns = Math.toIntExact(matrix.shape()[matrix.shape().length - 1]);
    double[] row = new double[columns];
    for (long from = 0; from < matrix.length(); from += columns) {
      matrix.get(from, row, 0, columns);
      double largest = SMALLEST;
      for (double value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
      double step = largest / MOST;
      for (int i = 0; i < columns; i++) {
        row[i] = step * Math.max(-MOST - 1, Math.min(MOST, Math.rint(row[i] / step)));
      }
      matrix.put(from, row, 0, columns);
    }
  }
}
