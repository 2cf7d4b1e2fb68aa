package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.direction.AdamW;
import org.lethe.direction.Combination;
import org.lethe.direction.LearningRate;
import org.lethe.direction.LossGradients;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.direction.OptimizerState;
import org.lethe.direction.WeightedSum;
import org.lethe.error.EvaluationErrors;
import org.lethe.evaluation.attack.AttackSettings.Teaching;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.objective.RetainLoss;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * Rows on which an attacker trains the model again. Ordinary training as in the robustness script
 * of the unlearning-depth-score repository: AdamW without weight decay, a rate that falls linearly
 * to 0, gradients clipped at norm 1, the mean loss of the completion tokens of a batch.
 *
 * @param examples what is taught, in the order of training
 * @param teaching how
 */
public record Lesson(List<Example> examples, Teaching teaching) {
  private static final AdamW OPTIMIZER = new AdamW(0.9, 0.999, 1e-8, 0);
  private static final WeightedSum ORDINARY = new WeightedSum(0, 1);
  private static final double MAXIMUM_NORM = 1;

  /** What is taught. */
  public enum Kind {
    /** Some of the forget rows. */
    FORGET_ROWS,
    /** Texts that have nothing to do with them. */
    NEUTRAL_TEXTS
  }

  public Lesson {
    examples = List.copyOf(examples);
  }

  /** Trains all parameters of the decoder, in place. */
  public void teach(Decoder decoder) {
    List<List<Example>> batches = batches();
    long steps = (long) teaching.epochs() * batches.size();
    LearningRate rate = new LearningRate.Linear(teaching.learningRate(), 0);
    Objective objective = new RetainLoss.NegativeLogLikelihood().objective(Optional.empty());
    try (Gradients gradients = decoder.newGradients();
        OptimizerState state = OPTIMIZER.newState(decoder.parameters())) {
      long step = 0;
      for (int epoch = 0; epoch < teaching.epochs(); epoch++) {
        for (List<Example> batch : batches) {
          gradients.clear();
          LossSum loss = LossSum.ZERO;
          for (int from = 0; from < batch.size(); from += teaching.microBatchSize()) {
            int to = Math.min(batch.size(), from + teaching.microBatchSize());
            loss =
                loss.plus(
                    objective.accumulate(decoder, Batch.of(batch.subList(from, to)), gradients));
          }
          Combination direction =
              ORDINARY.combine(
                  new LossGradients(
                      Optional.empty(),
                      Optional.of(new LossGradient(gradients.flat(), 1.0 / loss.count())),
                      decoder.layout()));
          if (!direction.figures().isFinite()) {
            throw EvaluationErrors.teachingDiverged(step + 1);
          }
          OPTIMIZER.step(
              decoder.parameters(),
              direction.clipped(MAXIMUM_NORM),
              state,
              step,
              rate.at(step, steps));
          step++;
        }
      }
    }
  }

  /** The batches of an epoch. */
  private List<List<Example>> batches() {
    int size = teaching.batchSize(examples.size());
    List<List<Example>> batches = new ArrayList<>();
    for (int from = 0; from < examples.size(); from += size) {
      batches.add(examples.subList(from, Math.min(examples.size(), from + size)));
    }
    return batches;
  }
}
