package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lethe.error.EvaluationErrors;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Evaluates examples with one model. */
public final class Evaluator {
  /** Name of the stage in progress reports. */
  public static final String STAGE = "evaluate";

  /** K of Min-K and Min-K++, as open-unlearning configures it. */
  private static final double MIN_K_SHARE = 0.4;

  private final AnswerModel model;
  private final EvaluationSettings settings;

  public Evaluator(AnswerModel model, EvaluationSettings settings) {
    this.model = model;
    this.settings = settings;
  }

  /**
   * Evaluates examples in the batches of an {@link EvaluationPlan}. Returns the rows in that order.
   */
  public List<EvaluationRow> evaluate(List<EvaluationExample> examples, ProgressListener progress) {
    return evaluateBatches(EvaluationPlan.of(examples, settings).batches(), progress);
  }

  /** Evaluates the given batches. */
  public List<EvaluationRow> evaluateBatches(
      List<List<EvaluationExample>> batches, ProgressListener progress) {
    long total = batches.stream().mapToLong(List::size).sum();
    List<EvaluationRow> rows = new ArrayList<>();
    for (List<EvaluationExample> batch : batches) {
      rows.addAll(evaluateBatch(batch));
      progress.progressed(STAGE, rows.size(), total);
    }
    return rows;
  }

  private List<EvaluationRow> evaluateBatch(List<EvaluationExample> batch) {
    List<Example> examples = batch.stream().map(EvaluationExample::example).toList();
    List<TokenScores> scores = model.score(Batch.of(examples));
    // All rows of a batch belong to one set, or to sets that are only scored.
    String set = batch.get(0).set();
    List<Optional<Answer>> answers =
        settings.generates(set)
            ? generate(set, batch)
            : batch.stream().map(example -> Optional.<Answer>empty()).toList();
    double[] norms =
        settings.gradientNormOf().contains(set) ? model.gradientNorms(examples) : new double[0];
    List<EvaluationRow> rows = new ArrayList<>();
    for (int b = 0; b < batch.size(); b++) {
      OptionalDouble norm =
          norms.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(norms[b]);
      rows.add(row(batch.get(b), scores.get(b), answers.get(b), norm));
    }
    return rows;
  }

  /** A generated text and how it ended. */
  private record Answer(String text, TextEnd end) {}

  private List<Optional<Answer>> generate(String set, List<EvaluationExample> batch) {
    List<int[]> prompts =
        batch.stream()
            .map(EvaluationExample::example)
            .map(e -> Arrays.copyOf(e.tokens(), e.promptTokens()))
            .toList();
    int[] needed = batch.stream().mapToInt(this::answerTokens).toArray();
    int[] limits = Arrays.stream(needed).map(tokens -> settings.newTokens(set, tokens)).toArray();
    List<GeneratedTokens> generated = model.generate(prompts, limits);
    List<Optional<Answer>> answers = new ArrayList<>();
    for (int b = 0; b < needed.length; b++) {
      GeneratedTokens tokens = generated.get(b);
      answers.add(
          Optional.of(
              new Answer(
                  model.decode(tokens.tokens()).strip(),
                  TextEnd.of(tokens.stopped(), tokens.tokens().length, needed[b]))));
    }
    return answers;
  }

  /**
   * Returns the number of tokens of the whole expected answer, end token included. A shard cuts
   * long examples; the rest of such an answer is estimated from its length in characters.
   */
  private int answerTokens(EvaluationExample example) {
    int kept = example.example().completionTokens();
    int[] tokens = example.example().tokens();
    String text =
        model.decode(Arrays.copyOfRange(tokens, example.example().promptTokens(), tokens.length));
    int found = Math.max(1, text.strip().length());
    int whole = example.expected().strip().length();
    return whole <= found ? kept : (int) Math.ceil((double) kept * whole / found);
  }

  private static EvaluationRow row(
      EvaluationExample example,
      TokenScores scores,
      Optional<Answer> answer,
      OptionalDouble gradientNorm) {
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    double loss = AnswerLikelihood.meanLoss(scores.losses());
    metrics.put(Metric.LOSS, loss);
    metrics.put(Metric.PROBABILITY, AnswerLikelihood.probability(loss));
    metrics.put(Metric.ZLIB, Membership.zlib(loss, example.expected()));
    metrics.put(Metric.MIN_K, Membership.minK(scores.losses(), MIN_K_SHARE));
    if (scores.standardised().length > 0) {
      metrics.put(
          Metric.MIN_K_PLUS_PLUS, Membership.minKPlusPlus(scores.standardised(), MIN_K_SHARE));
    }
    // An answer of the end token alone has no tokens to memorise.
    if (scores.hits().length > 1) {
      boolean[] withoutEnd = Arrays.copyOf(scores.hits(), scores.hits().length - 1);
      metrics.put(Metric.EXACT_MEMORISATION, Memorisation.exactMemorisation(withoutEnd));
      metrics.put(Metric.EXTRACTION_STRENGTH, Memorisation.extractionStrength(withoutEnd));
    }
    gradientNorm.ifPresent(norm -> metrics.put(Metric.GRADIENT_NORM, norm));
    answer.ifPresent(
        found -> metrics.putAll(TextMetrics.of(example.expected(), found.text(), found.end())));
    metrics.forEach(
        (metric, value) -> {
          if (!Double.isFinite(value)) {
            throw EvaluationErrors.notFinite(metric.key(), value, example.id());
          }
        });
    return new EvaluationRow(
        example.set(),
        example.id(),
        example.task(),
        example.prompt(),
        example.expected(),
        answer.map(Answer::text),
        scores.losses().length,
        metrics);
  }
}
