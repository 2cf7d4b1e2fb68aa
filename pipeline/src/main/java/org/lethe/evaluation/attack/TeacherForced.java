package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.lethe.error.EvaluationErrors;
import org.lethe.evaluation.AnswerLikelihood;
import org.lethe.evaluation.Memorisation;
import org.lethe.evaluation.TokenScores;
import org.lethe.text.Example;

/** Quantities of an expected answer under teacher forcing. */
final class TeacherForced {
  /** Quantities of which more is better for the attacker. */
  static final List<Quantity> QUANTITIES =
      List.of(Quantity.PROBABILITY, Quantity.EXACT_MEMORISATION, Quantity.EXTRACTION_STRENGTH);

  /** The same as a regular expression of names. */
  static final String NAMES = "probability|exact-memorisation|extraction-strength";

  private TeacherForced() {}

  /** Returns the attempts of one variant of a prompt on rows. */
  static List<AttackRow> rows(
      String attack, int variant, List<AttackedRow> rows, List<TokenScores> scores) {
    List<AttackRow> attempts = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      attempts.add(
          AttackRow.measured(attack, variant, rows.get(i), quantities(rows.get(i), scores.get(i))));
    }
    return attempts;
  }

  private static Map<Quantity, Double> quantities(AttackedRow row, TokenScores scores) {
    Map<Quantity, Double> quantities = new EnumMap<>(Quantity.class);
    double loss = AnswerLikelihood.meanLoss(scores.losses());
    if (!Double.isFinite(loss)) {
      throw EvaluationErrors.notFinite(Quantity.LOSS.key(), loss, row.id());
    }
    quantities.put(Quantity.LOSS, loss);
    quantities.put(Quantity.PROBABILITY, AnswerLikelihood.probability(loss));
    // An answer of the end token alone has no tokens to memorise.
    if (scores.hits().length > 1) {
      boolean[] withoutEnd = Arrays.copyOf(scores.hits(), scores.hits().length - 1);
      quantities.put(Quantity.EXACT_MEMORISATION, Memorisation.exactMemorisation(withoutEnd));
      quantities.put(Quantity.EXTRACTION_STRENGTH, Memorisation.extractionStrength(withoutEnd));
    }
    return quantities;
  }

  /** Returns the row's answer behind other prompt tokens. */
  static Example behind(int[] prompt, AttackedRow row) {
    int[] tokens = row.example().tokens();
    int from = row.example().promptTokens();
    int[] all = Arrays.copyOf(prompt, prompt.length + tokens.length - from);
    System.arraycopy(tokens, from, all, prompt.length, tokens.length - from);
    return new Example(row.id(), all, prompt.length);
  }
}
