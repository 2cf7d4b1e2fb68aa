package org.lethe.evaluation.benchmark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.BenchmarkErrors;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.HarmonicMean;
import org.lethe.evaluation.KolmogorovSmirnov;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.RougeL;

/**
 * TOFU (arXiv 2401.06121, section 2.2). Figures:
 *
 * <ul>
 *   <li>three means for each set;
 *   <li>model-utility: the harmonic mean of the nine means of retain, real authors and world facts;
 *   <li>retain-utility: the harmonic mean of the retain set's three means;
 *   <li>forget-quality: the p-value of the test whether the forget set's truth ratios differ from
 *       those of a model that never saw it, near 1 if the two are indistinguishable.
 * </ul>
 *
 * <p>The questions are in the sets forget, retain, real-authors and world-facts. Their paraphrased
 * answers have the same ids in {@code SET-paraphrased}. Their wrong answers are {@code ID/0},
 * {@code ID/1} and so on in {@code SET-perturbed}. Held-out authors are in holdout.
 */
public record TofuBenchmark() implements Benchmark {
  /** Suffix of the sets of paraphrased answers. */
  public static final String PARAPHRASED = "-paraphrased";

  /** Suffix of the sets of wrong answers. */
  public static final String PERTURBED = "-perturbed";

  private static final String PROBABILITY = "probability";
  private static final String RECALL = "rouge-l-recall";
  private static final String TRUTH = "truth";
  private static final String RATIO = "truth-ratio";

  @Override
  public String name() {
    return "tofu";
  }

  @Override
  public Samples samples(Collection<EvaluationRow> rows) {
    Samples.Builder samples = new Samples.Builder();
    for (TofuSet set : TofuSet.values()) {
      Map<String, EvaluationRow> paraphrased = RowQuantities.byId(rows, set.key() + PARAPHRASED);
      Map<String, List<EvaluationRow>> wrong = new HashMap<>();
      for (EvaluationRow row : rows) {
        int slash = row.id().lastIndexOf('/');
        if (row.set().equals(set.key() + PERTURBED) && slash > 0) {
          wrong.computeIfAbsent(row.id().substring(0, slash), id -> new ArrayList<>()).add(row);
        }
      }
      for (EvaluationRow row : rows) {
        if (row.set().equals(set.key())) {
          Map<String, Double> quantities = new LinkedHashMap<>(RowQuantities.of(row));
          quantities.putAll(of(row(set, row, paraphrased, wrong)));
          samples.add(set.key(), quantities);
        }
      }
    }
    rows.stream()
        .filter(row -> row.set().equals(RowQuantities.HOLDOUT))
        .forEach(row -> samples.add(RowQuantities.HOLDOUT, RowQuantities.of(row)));
    CompanionChoices.addTo(samples, rows);
    return samples.build();
  }

  private static TofuRow row(
      TofuSet set,
      EvaluationRow row,
      Map<String, EvaluationRow> paraphrased,
      Map<String, List<EvaluationRow>> wrong) {
    List<EvaluationRow> alternatives = wrong.getOrDefault(row.id(), List.of());
    if (alternatives.isEmpty()) {
      throw BenchmarkErrors.missingRow(set.key() + PERTURBED, row.id() + "/0");
    }
    EvaluationRow right = row;
    if (set.isParaphrased()) {
      right = paraphrased.get(row.id());
      if (right == null) {
        throw BenchmarkErrors.missingRow(set.key() + PARAPHRASED, row.id());
      }
    }
    String generated =
        row.generated().orElseThrow(() -> BenchmarkErrors.noGeneratedText(set.key(), row.id()));
    return new TofuRow(
        set,
        row.id(),
        loss(row),
        RougeL.score(row.expected(), generated, RougeL.Stemming.PORTER).recall(),
        loss(right),
        alternatives.stream().mapToDouble(TofuBenchmark::loss).toArray());
  }

  private static double loss(EvaluationRow row) {
    return row.metric(Metric.LOSS)
        .orElseThrow(() -> BenchmarkErrors.noMetric(row.set(), row.id(), Metric.LOSS.key()));
  }

  /** Returns the samples of TOFU's own rows, such as those of a {@link TofuLog}. */
  public static Samples samplesOf(Collection<TofuRow> rows) {
    Samples.Builder samples = new Samples.Builder();
    rows.forEach(row -> samples.add(row.set().key(), of(row)));
    return samples.build();
  }

  private static Map<String, Double> of(TofuRow row) {
    return Map.of(
        PROBABILITY, row.probability(),
        RECALL, row.rougeRecall(),
        TRUTH, row.truth(),
        RATIO, row.truthRatio());
  }

  @Override
  public SortedMap<String, Double> figures(Samples samples, Optional<Samples> reference) {
    SortedMap<String, Double> figures = new TreeMap<>();
    List<Double> utility = new ArrayList<>();
    for (TofuSet set : TofuSet.values()) {
      if (samples.count(set.key()) == 0) {
        continue;
      }
      for (String quantity : List.of(PROBABILITY, RECALL, TRUTH)) {
        double mean = samples.mean(set.key(), quantity);
        figures.put(set.key() + "." + quantity, mean);
        if (set != TofuSet.FORGET) {
          utility.add(mean);
        }
      }
      if (set == TofuSet.RETAIN) {
        figures.put("retain-utility", HarmonicMean.of(utility));
      }
      RowQuantities.putMeans(figures, samples, set.key());
    }
    if (utility.size() == 9) {
      figures.put("model-utility", HarmonicMean.of(utility));
    }
    String forget = TofuSet.FORGET.key();
    if (samples.has(forget, RATIO) && reference.isPresent() && reference.get().has(forget, RATIO)) {
      KolmogorovSmirnov.Result test =
          KolmogorovSmirnov.test(samples.of(forget, RATIO), reference.get().of(forget, RATIO));
      figures.put("forget-quality", test.pValue());
      figures.put("forget-quality.distance", test.statistic());
    }
    RowQuantities.putMembership(figures, samples, reference, forget, RowQuantities.HOLDOUT);
    CompanionChoices.putFigures(figures, samples);
    return figures;
  }

  @Override
  public Headline headline() {
    return new Headline(
        List.of("forget.probability", "forget.rouge-l-recall"),
        List.of("model-utility", "retain-utility"));
  }

  @Override
  public Side side(String figure) {
    if (figure.startsWith("forget-quality") || figure.endsWith("blank")) {
      return Side.NEITHER;
    }
    if (figure.endsWith("repetition")) {
      return Side.NEITHER;
    }
    boolean forgotten = figure.startsWith("forget.") || figure.startsWith("membership.");
    return CompanionChoices.side(figure).orElse(forgotten ? Side.FORGET : Side.KEEP);
  }
}
