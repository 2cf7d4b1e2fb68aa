package org.lethe.objective.point;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lethe.compute.DenseMatrix;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorMath;
import org.lethe.error.ModelErrors;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.ParameterLayout;
import org.lethe.model.ParameterLayout.Entry;
import org.lethe.model.RandomWeights;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.objective.RetainLoss;
import org.lethe.text.Batch;

/**
 * RepSelect (arXiv 2606.17168): low-rank factors learn the batch first, in one pass of gradient
 * descent on its likelihood. The gradient is taken with the factors in place, and its principal
 * components are collapsed ({@link PrincipalCollapse}).
 *
 * <p>A batch of all forget rows is the published method, which computes the gradient once. The
 * parts of the batch are the steps of the factors. Every trained matrix of the blocks gets factors:
 * W + B A with A uniform in +-1 / sqrt(columns) and B zero, as in PEFT with alpha = rank. The
 * factors end with the step.
 *
 * @param rank of the factors, at least 1
 * @param rate of the factors' gradient descent, 0 or more; 0 leaves the weights as they are
 * @param components number of principal components that are collapsed, at least 1
 * @param seed of A
 */
public record Selected(int rank, double rate, int components, long seed) implements GradientPoint {
  public Selected {
    if (rank < 1) {
      throw new IllegalArgumentException("Invalid rank: " + rank + ", expected at least 1");
    }
    if (!(rate >= 0 && Double.isFinite(rate))) {
      throw new IllegalArgumentException("Invalid rate: " + rate + ", expected 0 or more");
    }
    if (components < 1) {
      throw new IllegalArgumentException(
          "Invalid components: " + components + ", expected at least 1");
    }
  }

  @Override
  public int vectors() {
    return 2;
  }

  @Override
  public Optional<GradientFilter> filter() {
    return Optional.of(new PrincipalCollapse(components));
  }

  @Override
  public void check(Adapter adapter) {
    if (adapter instanceof Adapter.Lora) {
      throw ModelErrors.selectionNeedsWeights();
    }
  }

  @Override
  public LossSum accumulate(
      Decoder decoder, List<Batch> batches, Objective objective, Gradients gradients) {
    FlatVector parameters = decoder.parameters();
    VectorMath math = parameters.math();
    try (FlatVector kept = math.copyOf(parameters)) {
      try {
        learn(decoder, batches, kept);
        return GradientPoint.add(decoder, batches, objective, gradients);
      } finally {
        math.copy(kept, parameters);
      }
    }
  }

  /** Factors of a weight. */
  private record Factors(DenseMatrix a, DenseMatrix b) {
    /** Takes a step of gradient descent, given the gradient of W + B A. */
    void step(DenseMatrix gradient, double rate) {
      DenseMatrix forB = gradient.timesTransposed(a);
      DenseMatrix forA = b.transposedTimes(gradient);
      subtract(rate, forA, a);
      subtract(rate, forB, b);
    }

    private static void subtract(double rate, DenseMatrix from, DenseMatrix to) {
      for (int i = 0; i < to.values().length; i++) {
        to.values()[i] -= rate * from.values()[i];
      }
    }
  }

  private void learn(Decoder decoder, List<Batch> batches, FlatVector initial) {
    ParameterLayout layout = decoder.layout();
    Map<Entry, Factors> factors = new LinkedHashMap<>();
    GradientFilter filter = new PrincipalCollapse(components);
    layout.entries().stream()
        .filter(filter::changes)
        .forEach(entry -> factors.put(entry, factors(entry)));
    Objective likelihood = new RetainLoss.NegativeLogLikelihood().objective(Optional.empty());
    try (Gradients gradients = decoder.newGradients()) {
      for (Batch batch : batches) {
        gradients.clear();
        LossSum loss = likelihood.accumulate(decoder, batch, gradients);
        factors.forEach(
            (entry, pair) -> {
              pair.step(GradientFilter.read(layout, entry, gradients.flat()), rate / loss.count());
              DenseMatrix weight = GradientFilter.read(layout, entry, initial);
              double[] change = pair.b().times(pair.a()).values();
              for (int i = 0; i < change.length; i++) {
                weight.values()[i] += change[i];
              }
              GradientFilter.write(weight, layout.view(decoder.parameters(), entry));
            });
      }
    }
  }

  private Factors factors(Entry entry) {
    int rows = (int) entry.shape()[0];
    int columns = (int) entry.shape()[1];
    double[] a =
        RandomWeights.uniform(
            seed, entry.name(), 1 / Math.sqrt(columns), Math.multiplyExact(rank, columns));
    return new Factors(
        new DenseMatrix(rank, columns, a),
        new DenseMatrix(rows, rank, new double[Math.multiplyExact(rows, rank)]));
  }
}
