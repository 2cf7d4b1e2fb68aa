package org.lethe.cluster.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.compute.FlatVector;
import org.lethe.direction.OptimizerState;

/**
 * Everything that a round depends on, apart from shards and settings.
 *
 * @param round completed rounds
 * @param step completed optimizer steps
 * @param parameters trainable parameters, [P], in the order of the decoder's layout
 * @param optimizer the optimizer's vectors, [P] each; the driver has none of local moments
 * @param rateFactor correction of the learning rate by probes, or 1
 * @param dualVariable variable that the direction carries from step to step, or 0
 * @param velocity momentum of the outer step, [P], if it has one; workers do not need it
 */
public record RoundState(
    int round,
    long step,
    FlatVector parameters,
    OptimizerState optimizer,
    double rateFactor,
    double dualVariable,
    Optional<FlatVector> velocity)
    implements AutoCloseable {

  /** A state without an outer step. */
  public RoundState(
      int round,
      long step,
      FlatVector parameters,
      OptimizerState optimizer,
      double rateFactor,
      double dualVariable) {
    this(round, step, parameters, optimizer, rateFactor, dualVariable, Optional.empty());
  }

  /** Parameters, then the optimizer's vectors. */
  List<FlatVector> vectors() {
    List<FlatVector> vectors = new ArrayList<>();
    vectors.add(parameters);
    vectors.addAll(optimizer.vectors().values());
    return vectors;
  }

  /** The vectors that driver and workers exchange where parameters are averaged. */
  List<FlatVector> exchanged(Moments moments) {
    return moments == Moments.LOCAL ? List.of(parameters) : vectors();
  }

  /** The same vectors with a later round and step. Their contents have changed in place. */
  RoundState after(int rounds, long steps, double newDualVariable) {
    return new RoundState(
        round + rounds, step + steps, parameters, optimizer, rateFactor, newDualVariable, velocity);
  }

  /** The same state with another correction of the learning rate. */
  RoundState withRateFactor(double factor) {
    return new RoundState(round, step, parameters, optimizer, factor, dualVariable, velocity);
  }

  /** Frees the vectors. */
  @Override
  public void close() {
    parameters.close();
    optimizer.close();
    velocity.ifPresent(FlatVector::close);
  }
}
