package org.lethe.audit;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.EvaluationRows;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Metric;
import org.lethe.run.Digests;

/**
 * Compares recorded rows with the same rows computed again from the shards and the model. Texts
 * appear in messages as digests only.
 *
 * <p>Kernels round differently. So a loss may differ by {@link #LOSS_TOLERANCE}. Where two tokens
 * nearly tie, another kernel may choose the other one, which changes a generated text. Rows
 * computed by the same kernel must have the same texts; with another kernel a few may differ.
 */
public final class SampleCheck {
  /** Difference of a loss, relative above 1 and absolute below. */
  static final double LOSS_TOLERANCE = 1e-3;

  /** The same for figures that divide by a spread of losses. */
  static final double WIDE_TOLERANCE = 2e-2;

  /** Share of the rows of a sample in which another kernel may choose other tokens. */
  static final double OTHER_TOKENS = 0.05;

  private static final Set<Metric> LOSSES =
      EnumSet.of(Metric.LOSS, Metric.PROBABILITY, Metric.MIN_K);
  private static final Set<Metric> WIDE = EnumSet.of(Metric.MIN_K_PLUS_PLUS, Metric.GRADIENT_NORM);
  private static final Set<Metric> TOKENS =
      EnumSet.of(Metric.EXACT_MEMORISATION, Metric.EXTRACTION_STRENGTH);

  private final String file;
  private final boolean sameKernel;
  private int compared;
  private int otherTokens;
  private double largest;

  /**
   * @param file of the rows, for messages
   * @param sameKernel whether the kernel of the recorded rows computed them again
   */
  public SampleCheck(String file, boolean sameKernel) {
    this.file = file;
    this.sameKernel = sameKernel;
  }

  /**
   * Compares all rows of a sample.
   *
   * @param rows the recorded rows
   * @param planned number of rows that the evaluation should have
   * @param sample the rows computed again
   * @return what was compared, as text
   * @throws org.lethe.error.LetheException EVIDENCE at the first difference
   */
  public String compare(Path rows, long planned, List<EvaluationRow> sample, Configuration hadoop) {
    Map<String, EvaluationRow> wanted = new HashMap<>();
    sample.forEach(row -> wanted.put(name(row), row));
    Map<String, EvaluationRow> recorded = new HashMap<>();
    long[] count = new long[1];
    EvaluationRows.forEach(
        rows,
        hadoop,
        row -> {
          count[0]++;
          if (wanted.containsKey(name(row))) {
            recorded.put(name(row), row);
          }
        });
    Difference.require(file, "number of rows", count[0], planned);
    compared = sample.size();
    for (EvaluationRow row : sample) {
      EvaluationRow was = recorded.get(name(row));
      Difference.require(file, "existence of row " + name(row), was != null, true);
      compare(was, row);
    }
    return String.format(
        Locale.ROOT,
        "%d of %d rows computed again, largest difference of a loss %.1e%s",
        sample.size(),
        planned,
        largest,
        otherTokens == 0 ? "" : ", other tokens in " + otherTokens + " (another kernel)");
  }

  private void compare(EvaluationRow recorded, EvaluationRow found) {
    String row = "row " + name(found) + ", ";
    requireText(row + "prompt", recorded.prompt(), found.prompt());
    requireText(row + "expected", recorded.expected(), found.expected());
    Difference.require(file, row + "task", recorded.task(), found.task());
    Difference.require(file, row + "tokens", recorded.tokens(), found.tokens());
    for (Metric metric : LOSSES) {
      requireNear(row, metric, recorded, found, LOSS_TOLERANCE);
    }
    for (Metric metric : WIDE) {
      requireNear(row, metric, recorded, found, WIDE_TOLERANCE);
    }
    largest =
        Math.max(
            largest,
            Math.abs(recorded.metric(Metric.LOSS).orElse(0) - found.metric(Metric.LOSS).orElse(0)));
    tokens(row, recorded, found);
  }

  private void tokens(String row, EvaluationRow recorded, EvaluationRow found) {
    boolean same =
        recorded.generated().equals(found.generated())
            && TOKENS.stream().allMatch(m -> recorded.metric(m).equals(found.metric(m)));
    if (same) {
      return;
    }
    otherTokens++;
    if (sameKernel || otherTokens > Math.max(1, OTHER_TOKENS * compared)) {
      requireText(row + "generated", text(recorded), text(found));
      for (Metric metric : TOKENS) {
        Difference.require(
            file, row + metric.key(), shown(value(recorded, metric)), shown(value(found, metric)));
      }
    }
  }

  private void requireNear(
      String row, Metric metric, EvaluationRow recorded, EvaluationRow found, double tolerance) {
    Optional<Double> was = value(recorded, metric);
    Optional<Double> is = value(found, metric);
    boolean near =
        was.isPresent()
            && is.isPresent()
            && Math.abs(was.get() - is.get()) <= tolerance * Math.max(1, Math.abs(was.get()));
    if (!near) {
      Difference.require(file, row + metric.key(), shown(was), shown(is));
    }
  }

  private static String shown(Optional<Double> value) {
    return value.map(String::valueOf).orElse("nothing");
  }

  private static Optional<Double> value(EvaluationRow row, Metric metric) {
    return row.metric(metric).stream().boxed().findFirst();
  }

  private void requireText(String field, String recorded, String found) {
    Difference.require(file, field + " (SHA-256)", Digests.of(recorded), Digests.of(found));
  }

  private static String text(EvaluationRow row) {
    return row.generated().orElse("");
  }

  private static String name(EvaluationRow row) {
    return row.set() + "/" + row.id();
  }
}
