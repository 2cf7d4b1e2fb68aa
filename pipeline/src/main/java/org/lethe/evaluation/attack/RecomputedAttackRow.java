package org.lethe.evaluation.attack;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.AnswerLikelihood;

/**
 * Recomputes an attempt's numbers from the attempt itself, for an auditor: the probability from the
 * loss, the recall from the texts. All others need the model and stay.
 */
public final class RecomputedAttackRow {
  private RecomputedAttackRow() {}

  /** Returns the numbers, recomputed where the row allows it. */
  public static Map<Quantity, Double> of(AttackRow row) {
    Map<Quantity, Double> quantities = new EnumMap<>(Quantity.class);
    quantities.putAll(row.quantities());
    if (quantities.containsKey(Quantity.PROBABILITY)) {
      row.quantity(Quantity.LOSS)
          .ifPresent(
              loss -> quantities.put(Quantity.PROBABILITY, AnswerLikelihood.probability(loss)));
    }
    row.texts()
        .flatMap(texts -> SampledAnswers.recall(texts.expected(), texts.generated()))
        .ifPresent(recall -> quantities.put(Quantity.ROUGE_L_RECALL, recall));
    return quantities;
  }

  /** Returns numbers by the name of their quantity. */
  public static SortedMap<String, Double> keyed(Map<Quantity, Double> quantities) {
    SortedMap<String, Double> keyed = new TreeMap<>();
    quantities.forEach((quantity, value) -> keyed.put(quantity.key(), value));
    return keyed;
  }
}
