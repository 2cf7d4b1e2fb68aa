package org.lethe.jobs.config;

import org.lethe.model.HiddenPlace;
import org.lethe.objective.ActivationMeasure;

/**
 * Keys of lethe.unlearn.rmu that its forget loss and its retain loss share.
 *
 * @param place whose activations are compared
 * @param measure of their distance
 */
record SteeringKeys(HiddenPlace place, ActivationMeasure measure) {
  private static final Choices<HiddenPlace.Tokens> TOKENS = Choices.of(HiddenPlace.Tokens.class);
  private static final Choices<ActivationMeasure> MEASURES = Choices.of(ActivationMeasure.class);

  static SteeringKeys read(Section unlearn) {
    Section rmu = unlearn.below("rmu");
    return new SteeringKeys(
        new HiddenPlace(rmu.integer("layer", 0, 1 << 20), rmu.choice("tokens", TOKENS)),
        rmu.choice("measure", MEASURES));
  }
}
