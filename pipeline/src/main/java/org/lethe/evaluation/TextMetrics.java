package org.lethe.evaluation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lethe.evaluation.RougeL.Stemming;

/**
 * Figures of a generated text. A figure that the two texts do not define is absent: a share of no
 * words, or a share of the expected answer after generation ended too early to reach it. An absent
 * figure is never 0, because 0 would count as forgotten.
 */
public final class TextMetrics {
  /** The metrics of this class. */
  public static final Set<Metric> ALL =
      Collections.unmodifiableSet(
          EnumSet.of(
              Metric.ROUGE_L_RECALL,
              Metric.ROUGE_L_F1,
              Metric.ROUGE_SCORE_RECALL,
              Metric.ROUGE_SCORE_F1,
              Metric.EXACT_MATCH,
              Metric.BLANK,
              Metric.REPETITION,
              Metric.CUT,
              Metric.CUT_SHORT));

  private TextMetrics() {}

  /** Returns the metrics that the texts define. */
  public static Map<Metric, Double> of(String expected, String generated, TextEnd end) {
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    boolean cutShort = end == TextEnd.CUT_SHORT;
    metrics.put(Metric.CUT, end == TextEnd.BY_MODEL ? 0.0 : 1.0);
    metrics.put(Metric.CUT_SHORT, cutShort ? 1.0 : 0.0);
    put(
        metrics,
        RougeL.anyScript(expected, generated),
        Metric.ROUGE_L_RECALL,
        Metric.ROUGE_L_F1,
        cutShort);
    put(
        metrics,
        RougeL.words(expected, Stemming.PORTER).isEmpty()
            ? Optional.empty()
            : Optional.of(RougeL.score(expected, generated, Stemming.PORTER)),
        Metric.ROUGE_SCORE_RECALL,
        Metric.ROUGE_SCORE_F1,
        cutShort);
    if (!cutShort || !isBeginning(generated, expected)) {
      metrics.put(Metric.EXACT_MATCH, ExactMatch.score(expected, generated));
    }
    // Of a text cut short these describe what there is. A blank one counts against the model.
    metrics.put(Metric.BLANK, Degeneration.blank(generated));
    metrics.put(Metric.REPETITION, Degeneration.repetition(generated));
    return metrics;
  }

  /** More text can only raise the recall, so a whole recall is known even of a text cut short. */
  private static void put(
      Map<Metric, Double> metrics,
      Optional<RougeL.Score> score,
      Metric recall,
      Metric f1,
      boolean cutShort) {
    score.ifPresent(
        found -> {
          if (!cutShort || found.recall() == 1) {
            metrics.put(recall, found.recall());
          }
          if (!cutShort) {
            metrics.put(f1, found.f1());
          }
        });
  }

  /** Whether more text could still make both texts equal. */
  private static boolean isBeginning(String generated, String expected) {
    return expected
        .strip()
        .toLowerCase(Locale.ROOT)
        .startsWith(generated.strip().toLowerCase(Locale.ROOT));
  }
}
