package org.lethe.jobs.config;

import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.attack.AttackSettings;
import org.lethe.model.Adapter;

/**
 * How models are evaluated.
 *
 * @param settings of the evaluation
 * @param workers Spark tasks that evaluate at the same time
 * @param adapter of the candidate
 * @param attacks what an attacker would try
 */
public record EvaluatePlan(
    EvaluationSettings settings, int workers, Adapter adapter, AttackSettings attacks) {
  /** Whether a candidate is LoRA factors beside the weights of the given model. */
  public boolean readsFactors() {
    return adapter instanceof Adapter.Lora;
  }
}
