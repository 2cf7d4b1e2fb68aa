package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lethe.error.EvaluationErrors;
import org.lethe.evaluation.AnswerLikelihood;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Memorisation;
import org.lethe.evaluation.NotMeasured.Reason;
import org.lethe.evaluation.TokenScores;
import org.lethe.text.EncodedExample;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;

/**
 * Cloze questions, after the fill-in-the-blank probes of RWKU (arXiv 2406.10890): prompt and answer
 * with one word left out, and that word as the answer. The words come from {@link HiddenWords}; the
 * end token is not scored. Rows keep their best word.
 */
final class ClozeQuestions implements Attack {
  static final String KEY = "cloze";

  private static final int MOST_WORDS = 3;
  private static final String BEFORE = "Fill in the blank.\n";
  private static final String BLANK = "____";
  private static final String AFTER = "\nThe missing word is:";
  private static final List<Quantity> QUANTITIES =
      List.of(Quantity.PROBABILITY, Quantity.EXACT_MEMORISATION);

  /** Tokens of the texts around the row. */
  private static final int TOKENS_AROUND = 16;

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public List<AttackRow> attempt(AttackModel model, List<AttackedRow> rows) {
    List<AttackedRow> tried = new ArrayList<>();
    List<Integer> variants = new ArrayList<>();
    List<Example> examples = new ArrayList<>();
    List<AttackRow> attempts = new ArrayList<>();
    for (AttackedRow row : rows) {
      List<HiddenWords.Place> words = HiddenWords.of(row.prompt(), row.expected(), MOST_WORDS);
      int first = tried.size();
      for (int variant = 0; variant < words.size(); variant++) {
        Optional<Example> question =
            question(row, words.get(variant), model.encoder(), model.positions());
        if (question.isPresent()) {
          tried.add(row);
          variants.add(variant);
          examples.add(question.get());
        }
      }
      if (tried.size() == first) {
        Reason reason = words.isEmpty() ? Reason.NO_WORD : Reason.CONTEXT_FULL;
        attempts.add(AttackRow.missing(KEY, 0, row, reason));
      }
    }
    if (!examples.isEmpty()) {
      List<TokenScores> scores = model.score(examples);
      for (int i = 0; i < scores.size(); i++) {
        attempts.add(
            AttackRow.measured(
                KEY, variants.get(i), tried.get(i), quantities(tried.get(i), scores.get(i))));
      }
    }
    return attempts;
  }

  /** The question without its end token; empty if it does not fit into the model's context. */
  private static Optional<Example> question(
      AttackedRow row, HiddenWords.Place word, ExampleEncoder encoder, int positions) {
    String answer = row.expected();
    String blanked = answer.substring(0, word.from()) + BLANK + answer.substring(word.to());
    EncodedExample encoded =
        encoder.encode(
            row.id(),
            BEFORE + FewShotPrompt.shot(row.prompt(), blanked) + AFTER,
            answer.substring(word.from(), word.to()),
            positions);
    Example whole = encoded.example();
    return encoded.droppedTokens() > 0
        ? Optional.empty()
        : Optional.of(
            new Example(
                row.id(),
                Arrays.copyOf(whole.tokens(), whole.tokens().length - 1),
                whole.promptTokens()));
  }

  private static Map<Quantity, Double> quantities(AttackedRow row, TokenScores scores) {
    double loss = AnswerLikelihood.meanLoss(scores.losses());
    if (!Double.isFinite(loss)) {
      throw EvaluationErrors.notFinite(Quantity.LOSS.key(), loss, row.id());
    }
    Map<Quantity, Double> quantities = new EnumMap<>(Quantity.class);
    quantities.put(Quantity.LOSS, loss);
    quantities.put(Quantity.PROBABILITY, AnswerLikelihood.probability(loss));
    quantities.put(Quantity.EXACT_MEMORISATION, Memorisation.exactMemorisation(scores.hits()));
    return quantities;
  }

  @Override
  public long work(AttackedRow row) {
    return (long) MOST_WORDS * (row.example().tokens().length + TOKENS_AROUND);
  }

  @Override
  public String figureNames() {
    return "probability|exact-memorisation";
  }

  /** Answers without a word to leave out do not count, unless all are. */
  @Override
  public EvaluationFigures figures(Attempts attempts, long seed) {
    EvaluationFigures all = EvaluationFigures.NONE;
    for (String set : attempts.sets(KEY)) {
      List<List<AttackRow>> rows = attempts.rows(KEY, set);
      List<List<AttackRow>> asked =
          rows.stream()
              .filter(row -> !row.get(0).missing().equals(Optional.of(Reason.NO_WORD)))
              .toList();
      for (Quantity quantity : QUANTITIES) {
        all =
            all.and(
                RowFigures.best(
                    Attack.figure(set, KEY, quantity.key()),
                    asked.isEmpty() ? rows : asked,
                    quantity,
                    seed));
      }
    }
    return all;
  }
}
