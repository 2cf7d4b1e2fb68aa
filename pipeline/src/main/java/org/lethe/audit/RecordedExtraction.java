package org.lethe.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.Metric;
import org.lethe.run.Accountability.Means;

/** The means of extraction that an evaluation tried, in the form in which a record holds them. */
public final class RecordedExtraction {
  private static final String DIRECT = "direct";
  private static final String QUERY = "query";

  /** Figures of the forget rows themselves, or of an attack on them. */
  private static final Pattern FIGURE =
      Pattern.compile("(?:true-|taught-)?forget(?:\\.attack\\.([a-z0-9-]+))?\\.([a-z0-9-]+)");

  private static final Map<Metric, String> DIRECTLY =
      new TreeMap<>(
          Map.of(
              Metric.PROBABILITY, "probability of the expected answer, by teacher forcing",
              Metric.EXTRACTION_STRENGTH,
                  "share of the answer that follows once the rest is given, by teacher forcing",
              Metric.EXACT_MEMORISATION,
                  "share of tokens that are the first choice, by teacher forcing"));

  private static final Map<Metric, String> BY_QUERY =
      new TreeMap<>(
          Map.of(
              Metric.ROUGE_L_RECALL, "generated answers: share of the expected words",
              Metric.EXACT_MATCH, "generated answers: share of those equal to the expected ones"));

  private RecordedExtraction() {}

  /** Returns the means, by the names of their figures. */
  public static List<Means> of(EvaluationFigures before, EvaluationFigures after) {
    List<Means> found = new ArrayList<>();
    after
        .measured()
        .forEach(
            (name, figure) -> {
              Matcher matcher = FIGURE.matcher(name);
              if (matcher.matches()) {
                Optional<String> attack = Optional.ofNullable(matcher.group(1));
                Metric.ofKey(matcher.group(2))
                    .ifPresent(
                        metric -> {
                          add(found, DIRECT, DIRECTLY.get(metric), attack, name, figure, before);
                          add(found, QUERY, BY_QUERY.get(metric), attack, name, figure, before);
                        });
              }
            });
    return found;
  }

  private static void add(
      List<Means> found,
      String kind,
      String words,
      Optional<String> attack,
      String name,
      Figure figure,
      EvaluationFigures before) {
    if (words == null) {
      return;
    }
    found.add(
        new Means(
            kind,
            words + attack.map(key -> "; attack " + key).orElse(""),
            name,
            before.mean(name),
            figure.mean(),
            figure.low(),
            figure.high(),
            figure.count()));
  }
}
