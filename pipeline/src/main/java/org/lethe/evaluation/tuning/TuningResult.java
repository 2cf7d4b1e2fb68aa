package org.lethe.evaluation.tuning;

import java.util.List;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.Metric;

/**
 * tune/result.json: all candidates of a tuning and the one that was chosen.
 *
 * @param format version of this document
 * @param chosen name of the chosen candidate
 * @param reason why, in one sentence
 * @param configuration the chosen keys, key=value
 * @param rounds rounds of the whole unlearning, by which candidates are judged
 * @param metric key of the forget figure that is shown
 * @param before the forget figure of the initial model
 * @param unseen the same figure of unseen rows, whose interval is the target
 * @param margin by which the target is wider on both sides
 * @param formTolerance by which degenerate answers to forget rows may exceed those to unseen rows
 * @param candidates the last result of each candidate, best first
 */
public record TuningResult(
    int format,
    String chosen,
    String reason,
    List<String> configuration,
    int rounds,
    String metric,
    Figure before,
    Figure unseen,
    double margin,
    double formTolerance,
    List<CandidateResult> candidates) {
  /** Version of this document. */
  public static final int FORMAT = 2;

  /** Folder of a tuning in the run directory. */
  public static final String FOLDER = "tune";

  /** Name of this document in its folder. */
  public static final String FILE = "result.json";

  public TuningResult {
    configuration = List.copyOf(configuration);
    candidates = List.copyOf(candidates);
  }

  /** The order of the candidates. */
  public CandidateOrder order() {
    return new CandidateOrder(rounds, formTolerance);
  }

  /** The forget figure that is shown. */
  public Metric figure() {
    return Metric.ofKey(metric).orElseThrow();
  }
}
