package org.lethe.cluster.training;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.lethe.direction.Combination.Figures;
import org.lethe.direction.LayerFigures;
import org.lethe.objective.LossSum;

/**
 * A worker's report of its round, apart from vectors.
 *
 * @param worker index of the worker
 * @param weight examples used, 0 if it had nothing to train on
 * @param forget summed forget loss of all its steps
 * @param retain summed retain loss of all its steps
 * @param retainAtStart summed retain loss of its first step, at the round's own parameters
 * @param figures means over its steps
 * @param dualVariable dual variable of the direction after its last step, or 0
 * @param forgetExamples forget examples used
 * @param retainExamples retain examples used
 * @param tokens tokens of its batches
 * @param startMillis time when computing began, by the worker's clock
 * @param endMillis time when it ended
 * @param kernel kernel of the worker's products, or empty if it computed nothing
 * @param notFinite name of the vector that holds NaN or an infinity, or empty
 */
record WorkerReport(
    int worker,
    long weight,
    LossSum forget,
    LossSum retain,
    LossSum retainAtStart,
    StepFigures figures,
    double dualVariable,
    long forgetExamples,
    long retainExamples,
    long tokens,
    long startMillis,
    long endMillis,
    String kernel,
    String notFinite)
    implements Serializable {

  /** Means of {@link Figures} over steps. Layers are empty before the first step. */
  record StepFigures(
      double forgetSquaredNorm,
      double retainSquaredNorm,
      double innerProduct,
      double rho,
      double directionNorm,
      List<LayerFigures> layers)
      implements Serializable {
    static final StepFigures NONE = new StepFigures(0, 0, 0, 0, 0, List.of());

    static StepFigures of(Figures figures, double directionNorm) {
      return new StepFigures(
          figures.forgetSquaredNorm(),
          figures.retainSquaredNorm(),
          figures.innerProduct(),
          figures.rho(),
          directionNorm,
          figures.layers());
    }

    StepFigures plus(StepFigures other, double weight) {
      return new StepFigures(
          forgetSquaredNorm + weight * other.forgetSquaredNorm,
          retainSquaredNorm + weight * other.retainSquaredNorm,
          innerProduct + weight * other.innerProduct,
          rho + weight * other.rho,
          directionNorm + weight * other.directionNorm,
          LayerFigures.added(
              Stream.concat(
                      layers.stream(), other.layers.stream().map(layer -> layer.times(weight)))
                  .toList()));
    }
  }

  /** Report of a worker with empty shards. */
  static WorkerReport idle(int worker) {
    long now = System.currentTimeMillis();
    return new WorkerReport(
        worker,
        0,
        LossSum.ZERO,
        LossSum.ZERO,
        LossSum.ZERO,
        StepFigures.NONE,
        0,
        0,
        0,
        0,
        now,
        now,
        "",
        "");
  }

  boolean isFinite() {
    return notFinite.isEmpty();
  }
}
