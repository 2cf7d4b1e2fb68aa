package org.lethe.evaluation.benchmark;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.BenchmarkErrors;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Metric;

/** Perplexity on plain text: rows of the set text, with every token scored. */
public record PlainText() implements Benchmark {
  /** Name of the set. */
  public static final String SET = "text";

  private static final String NATS = "nats";
  private static final String TOKENS = "tokens";

  @Override
  public String name() {
    return SET;
  }

  @Override
  public Samples samples(Collection<EvaluationRow> rows) {
    Samples.Builder samples = new Samples.Builder();
    for (EvaluationRow row : rows) {
      if (row.set().equals(SET)) {
        double loss =
            row.metric(Metric.LOSS)
                .orElseThrow(
                    () -> BenchmarkErrors.noMetric(row.set(), row.id(), Metric.LOSS.key()));
        samples.add(SET, Map.of(NATS, loss * row.tokens(), TOKENS, (double) row.tokens()));
      }
    }
    return samples.build();
  }

  /** Returns exp(sum of all token losses / number of tokens), so long texts have more weight. */
  @Override
  public SortedMap<String, Double> figures(Samples samples, Optional<Samples> reference) {
    SortedMap<String, Double> figures = new TreeMap<>();
    if (samples.has(SET, NATS)) {
      figures.put("text.perplexity", Math.exp(samples.mean(SET, NATS) / samples.mean(SET, TOKENS)));
    }
    return figures;
  }

  @Override
  public Headline headline() {
    return new Headline(List.of(), List.of("text.perplexity"));
  }

  @Override
  public Side side(String figure) {
    return Side.NEITHER;
  }
}
