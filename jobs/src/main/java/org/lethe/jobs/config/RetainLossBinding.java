package org.lethe.jobs.config;

import java.util.Optional;
import java.util.function.Supplier;
import org.lethe.objective.RetainLoss;

/** Binds lethe.unlearn.retain-loss. Register new retain losses here. */
final class RetainLossBinding {
  private static final String KEY = "retain-loss";

  /** {@code none} stands for no retain loss. */
  static final Choices<Method<Optional<RetainLoss>>> LOSSES =
      Choices.<Method<Optional<RetainLoss>>>of(
              "nll", section -> () -> Optional.of(new RetainLoss.NegativeLogLikelihood()))
          .or("kl", section -> () -> Optional.of(new RetainLoss.Divergence()))
          .or("js", section -> () -> Optional.of(new RetainLoss.JensenShannon()))
          .or("activations", RetainLossBinding::activations)
          .or("none", section -> Optional::empty);

  private RetainLossBinding() {}

  static Optional<RetainLoss> read(Section unlearn) {
    return Method.chosen(unlearn, KEY, LOSSES);
  }

  private static Supplier<Optional<RetainLoss>> activations(Section section) {
    SteeringKeys keys = SteeringKeys.read(section);
    return () -> Optional.of(new RetainLoss.ActivationMatch(keys.place(), keys.measure()));
  }
}
