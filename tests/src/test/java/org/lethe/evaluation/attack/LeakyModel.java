package org.lethe.evaluation.attack;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.lethe.evaluation.TokenScores;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;

/** A model that knows every answer under one condition and nothing otherwise. */
final class LeakyModel implements AttackModel {
  /** Loss of every token that it does not know: ln 20. */
  static final double UNKNOWN = Math.log(20);

  private final ExampleEncoder encoder;
  private final Leak leak;
  private final Predicate<int[]> prompts;

  /** The condition. */
  enum Leak {
    PROMPT,
    FOUR_BITS,
    FIRST_BLOCK,
    RELEARNING,
    THIRD_SAMPLE
  }

  /**
   * @param prompts prompts after which it knows the answer, if the leak is PROMPT
   */
  LeakyModel(ExampleEncoder encoder, Leak leak, Predicate<int[]> prompts) {
    this.encoder = encoder;
    this.leak = leak;
    this.prompts = prompts;
  }

  @Override
  public ExampleEncoder encoder() {
    return encoder;
  }

  @Override
  public int positions() {
    return 256;
  }

  @Override
  public List<TokenScores> score(List<Example> examples) {
    return examples.stream()
        .map(
            example ->
                scores(
                    example,
                    leak == Leak.PROMPT
                        && prompts.test(Arrays.copyOf(example.tokens(), example.promptTokens()))))
        .toList();
  }

  @Override
  public List<TokenScores> scoreRounded(WeightRounding rounding, List<Example> examples) {
    boolean known = leak == Leak.FOUR_BITS && rounding.bits() == 4;
    return examples.stream().map(example -> scores(example, known)).toList();
  }

  @Override
  public List<List<TokenScores>> scoreByBlock(List<Example> examples) {
    return List.of(
        examples.stream().map(e -> scores(e, leak == Leak.FIRST_BLOCK)).toList(),
        examples.stream().map(e -> scores(e, false)).toList());
  }

  @Override
  public List<List<String>> sample(
      List<Example> examples, int answers, double temperature, long seed) {
    return examples.stream()
        .map(
            example -> {
              String[] texts = new String[answers];
              Arrays.fill(texts, "something else");
              if (leak == Leak.THIRD_SAMPLE) {
                texts[2] = "it was Ada in 1843";
              }
              return List.of(texts);
            })
        .toList();
  }

  @Override
  public Optional<double[]> divergences(List<Example> examples) {
    return Optional.of(
        Collections.nCopies(examples.size(), 0.25).stream()
            .mapToDouble(Double::doubleValue)
            .toArray());
  }

  /** Knows no more after a lesson, if its leak is not that one. */
  @Override
  public Optional<List<TokenScores>> scoreTaught(Lesson.Kind kind, List<Example> examples) {
    boolean known = kind == Lesson.Kind.FORGET_ROWS && leak == Leak.RELEARNING;
    return Optional.of(examples.stream().map(example -> scores(example, known)).toList());
  }

  @Override
  public Optional<AttackModel> control() {
    return Optional.empty();
  }

  @Override
  public Optional<Patched> scorePatched(List<Example> examples) {
    return Optional.empty();
  }

  private static TokenScores scores(Example example, boolean known) {
    double[] losses = new double[example.completionTokens()];
    boolean[] hits = new boolean[losses.length];
    Arrays.fill(losses, known ? 0 : UNKNOWN);
    Arrays.fill(hits, known);
    return new TokenScores(losses, hits, new double[0]);
  }
}
