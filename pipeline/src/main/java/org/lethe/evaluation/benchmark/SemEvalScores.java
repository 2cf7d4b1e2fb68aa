package org.lethe.evaluation.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.lethe.error.EvaluationErrors;
import org.lethe.evaluation.AreaUnderCurve;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.ExactMatch;
import org.lethe.evaluation.HarmonicMean;
import org.lethe.evaluation.RougeL;

/**
 * The formulas of SemEval-2025 Task 4 on LUME (arXiv 2504.02883, 2502.15097), as in the organisers'
 * later script.
 *
 * <p>A row's id encodes its kind. {@code ...scN} is a completion, scored by ROUGE-L recall with
 * stemming (regurgitation). {@code ...qaN} is a question, scored by equality of the stripped,
 * lower-cased texts (knowledge). The script sends rows through CSV and reads an empty text as the
 * word "nan". Here the text stays empty, which scores the same unless an answer is "nan".
 */
final class SemEvalScores {
  private static final String FORGET = "forget";

  private SemEvalScores() {}

  /**
   * Returns the task aggregate: the harmonic mean of the terms, with 1 - term for the forget set.
   *
   * @param terms means by {@code SET.TASK.regurgitation} and {@code SET.TASK.knowledge}; twelve if
   *     all three tasks are present
   */
  static double aggregate(SortedMap<String, Double> terms) {
    List<Double> aggregated = new ArrayList<>();
    terms.forEach((name, v) -> aggregated.add(name.startsWith(FORGET + ".") ? 1 - v : v));
    return HarmonicMean.of(aggregated);
  }

  /**
   * Returns the membership score: 1 if losses do not separate members from others.
   *
   * @param memberLosses mean token losses of whole documents of the forget set
   * @param otherLosses mean token losses of documents that the model never saw
   */
  static double membershipScore(double[] memberLosses, double[] otherLosses) {
    // Members are the positives with score minus loss. This equals the curve of the others by loss.
    return 1 - 2 * Math.abs(AreaUnderCurve.of(otherLosses, memberLosses) - 0.5);
  }

  /** Returns the final score: the mean of task aggregate, membership score and MMLU accuracy. */
  static double finalScore(double taskAggregate, double membershipScore, double mmlu) {
    return (taskAggregate + membershipScore + mmlu) / 3;
  }

  /** The quantity that a row measures. */
  enum Kind {
    REGURGITATION("regurgitation"),
    KNOWLEDGE("knowledge");

    private final String key;

    Kind(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }

    double score(EvaluationRow row) {
      String generated =
          row.generated().orElseThrow(() -> EvaluationErrors.noGeneratedText(row.id()));
      return switch (this) {
        case REGURGITATION ->
            RougeL.score(row.expected(), generated, RougeL.Stemming.PORTER).recall();
        case KNOWLEDGE -> ExactMatch.score(row.expected(), generated);
      };
    }
  }

  static Kind kind(String id) {
    String name = id.replace("\"", ""); // Task 1 has quotes around the document's part of the id
    String stem = name.isEmpty() ? "" : name.substring(0, name.length() - 1);
    if (stem.endsWith("sc")) {
      return Kind.REGURGITATION;
    }
    if (stem.endsWith("qa")) {
      return Kind.KNOWLEDGE;
    }
    throw EvaluationErrors.unknownSemEvalId(id);
  }
}
