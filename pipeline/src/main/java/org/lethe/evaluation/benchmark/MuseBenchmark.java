package org.lethe.evaluation.benchmark;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.BenchmarkErrors;
import org.lethe.evaluation.AreaUnderCurve;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.RougeL;

/**
 * MUSE (arXiv 2407.06460): VerbMem, KnowMem and PrivLeak in per cent, as its own code computes
 * them: ROUGE-L F1 without stemming, Min-40 %. Sets: verbmem, knowmem-forget, knowmem-retain, and
 * the texts privleak-forget, privleak-retain and privleak-holdout. The areas membership.* are
 * open-unlearning's, 1 if the forget texts are clearly known. privleak.auc is MUSE's own, the
 * complement.
 */
public record MuseBenchmark() implements Benchmark {
  /** Verbatim continuations of the forget texts. */
  public static final String VERBMEM = "verbmem";

  /** Questions about the forget texts. */
  public static final String KNOWMEM_FORGET = "knowmem-forget";

  /** Questions about the retain texts, for utility. */
  public static final String KNOWMEM_RETAIN = "knowmem-retain";

  /** Prefix of the sets of plain texts. */
  public static final String PRIVLEAK = "privleak-";

  private static final String F1 = "f1";
  private static final List<String> ANSWERED = List.of(VERBMEM, KNOWMEM_FORGET, KNOWMEM_RETAIN);

  @Override
  public String name() {
    return "muse";
  }

  @Override
  public Samples samples(Collection<EvaluationRow> rows) {
    Samples.Builder samples = new Samples.Builder();
    for (EvaluationRow row : rows) {
      if (ANSWERED.contains(row.set())) {
        String generated =
            row.generated().orElseThrow(() -> BenchmarkErrors.noGeneratedText(row.set(), row.id()));
        Map<String, Double> quantities = new LinkedHashMap<>(RowQuantities.of(row));
        quantities.put(
            F1,
            RougeL.score(row.expected(), answer(row.set(), generated), RougeL.Stemming.NONE).f1());
        samples.add(row.set(), quantities);
      } else if (row.set().startsWith(PRIVLEAK)) {
        samples.add(row.set(), RowQuantities.of(row));
      }
    }
    CompanionChoices.addTo(samples, rows);
    return samples.build();
  }

  /** Cuts an answer at a blank line, or where the model writes a next question. */
  static String answer(String set, String generated) {
    if (set.equals(VERBMEM)) {
      return generated;
    }
    int end = generated.length();
    for (String mark : List.of("\n\n", "\nQuestion", "Question:")) {
      int at = generated.indexOf(mark);
      end = at >= 0 ? Math.min(end, at) : end;
    }
    return generated.substring(0, end);
  }

  @Override
  public SortedMap<String, Double> figures(Samples samples, Optional<Samples> reference) {
    SortedMap<String, Double> figures = new TreeMap<>();
    for (String set : ANSWERED) {
      if (samples.has(set, F1)) {
        figures.put(set, 100 * samples.mean(set, F1));
        RowQuantities.putMeans(figures, samples, set);
      }
    }
    Optional<Double> area = area(samples);
    area.ifPresent(value -> figures.put("privleak.auc", value));
    Optional<Double> retrained = reference.flatMap(MuseBenchmark::area);
    if (area.isPresent() && retrained.isPresent() && retrained.get() > 0) {
      figures.put("privleak", RowQuantities.privLeak(area.get(), retrained.get()));
    }
    RowQuantities.putAreas(figures, samples, PRIVLEAK + "forget", PRIVLEAK + RowQuantities.HOLDOUT);
    CompanionChoices.putFigures(figures, samples);
    return figures;
  }

  /** Returns the probability that a held-out text looks more like a member than a forget text. */
  private static Optional<Double> area(Samples samples) {
    String score = Metric.MIN_K.key(); // higher means less likely a member
    String forget = PRIVLEAK + "forget";
    String holdout = PRIVLEAK + RowQuantities.HOLDOUT;
    return samples.has(forget, score) && samples.has(holdout, score)
        ? Optional.of(AreaUnderCurve.of(samples.of(forget, score), samples.of(holdout, score)))
        : Optional.empty();
  }

  @Override
  public Headline headline() {
    return new Headline(List.of(VERBMEM, KNOWMEM_FORGET), List.of(KNOWMEM_RETAIN));
  }

  @Override
  public Side side(String figure) {
    if (figure.endsWith("blank") || figure.endsWith("repetition") || figure.equals("privleak")) {
      return Side.NEITHER;
    }
    return CompanionChoices.side(figure)
        .orElse(figure.startsWith(KNOWMEM_RETAIN) ? Side.KEEP : Side.FORGET);
  }
}
