package org.lethe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lethe.compute.Matrices;
import org.lethe.compute.Vectors;
import org.lethe.error.LetheException;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.FiniteDifferences;
import org.lethe.model.ParameterLayout;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;

/** Compares a decoder with random weights with plain arithmetic on its logits. */
final class DecoderAnswerModelTest {
  private static final int VOCABULARY = 37;
  private static final int POSITIONS = 24;
  private static final int END = 2;

  private static Decoder decoder;
  private static DecoderAnswerModel model;

  @BeforeAll
  static void load() {
    Architecture config =
        new LlamaConfig(
                16,
                32,
                2,
                4,
                2,
                4,
                VOCABULARY,
                POSITIONS,
                1e-5,
                10000,
                Optional.empty(),
                true,
                Set.of())
            .architecture();
    decoder = Decoder.load(config, Adapter.full(), DataType.FLOAT, new RandomWeights(3));
    Vectors.scale(
        8, decoder.parameters()); // far from uniform, so that the most probable token is clear
    model = new DecoderAnswerModel(decoder, Set.of(END), Arrays::toString);
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  @Test
  void scoresFollowFromTheLogits() {
    Batch batch = Batch.of(List.of(example("a", 9, 3), example("b", 14, 12), example("c", 5, 1)));
    List<double[][]> logits = logits(batch);
    double[][] losses = decoder.forward(batch).tokens();

    List<TokenScores> scores = model.score(batch);

    for (int b = 0; b < batch.size(); b++) {
      Example example = batch.examples().get(b);
      TokenScores found = scores.get(b);
      assertThat(found.losses()).containsExactly(losses[b], within(1e-6));
      for (int t = 0; t < example.completionTokens(); t++) {
        double[] row = logSoftmax(logits.get(b)[t]);
        int token = example.tokens()[example.promptTokens() + t];
        assertThat(found.hits()[t]).isEqualTo(token == indexOfLargest(row));
        assertThat(found.standardised()[t])
            .isCloseTo(Membership.standardised(row, token), within(1e-3));
      }
    }
  }

  @Test
  void lettersOfAQuestionShareOnePass() {
    List<Example> examples = new ArrayList<>();
    for (int question = 0; question < 3; question++) {
      // The third example is the second one with its last token. It must not reuse any score.
      int[] prompt = tokens(question == 0 ? 9 : 6 + question, question == 0 ? 1 : 2);
      for (int letter = 20; letter < 24; letter++) {
        int[] all = Arrays.copyOf(prompt, prompt.length + 1);
        all[prompt.length] = letter;
        examples.add(new Example(question + "/" + letter, all, prompt.length));
      }
    }
    examples.add(2, example("answer", 9, 3));

    assertThat(TokenScoring.alike(examples))
        .containsExactly(
            List.of(0, 1, 3, 4), List.of(2), List.of(5, 6, 7, 8), List.of(9, 10, 11, 12));
    List<TokenScores> together = model.score(Batch.of(examples));
    for (int b = 0; b < examples.size(); b++) {
      TokenScores alone = model.score(Batch.of(List.of(examples.get(b)))).get(0);
      double[] losses = alone.losses();
      assertThat(together.get(b).losses()).containsExactly(losses, within(1e-6 * losses[0]));
      assertThat(together.get(b).hits()).containsExactly(alone.hits());
      assertThat(together.get(b).standardised())
          .containsExactly(alone.standardised(), within(1e-3));
    }
  }

  @Test
  void aCommonBeginningChangesNoScore() {
    List<Example> examples = new ArrayList<>();
    int[] shots = tokens(12, 7);
    for (int question = 0; question < 6; question++) {
      int[] rest = tokens(4 + question % 3, 10 + question);
      int[] all = Arrays.copyOf(shots, shots.length + rest.length);
      System.arraycopy(rest, 0, all, shots.length, rest.length);
      // Two letters of each question, and an answer of several tokens.
      examples.add(new Example(question + "/answer", all, all.length - 2));
      for (int letter = 20; letter < 22; letter++) {
        int[] lettered = Arrays.copyOf(all, all.length + 1);
        lettered[all.length] = letter;
        examples.add(new Example(question + "/" + letter, lettered, all.length));
      }
    }
    examples.add(example("alone", 9, 3));
    Batch batch = Batch.of(examples);

    List<TokenScores> shared = model.score(batch);
    List<TokenScores> whole = TokenScoring.score(batch, decoder::forward);

    assertThat(shared).isNotEqualTo(whole).hasSameSizeAs(whole);
    for (int b = 0; b < examples.size(); b++) {
      assertThat(shared.get(b).losses()).containsExactly(whole.get(b).losses(), within(1e-5));
      assertThat(shared.get(b).hits()).containsExactly(whole.get(b).hits());
      assertThat(shared.get(b).standardised())
          .containsExactly(whole.get(b).standardised(), within(1e-3));
    }
  }

  @Test
  void equalPromptsAreAnsweredAsEachByItself() {
    List<int[]> prompts =
        List.of(tokens(1, 1), tokens(7, 2), tokens(1, 1), tokens(1, 1), tokens(7, 2));
    int[] limits = {6, 9, 6, 6, 9};

    List<GeneratedTokens> texts = model.generate(prompts, limits);

    for (int b = 0; b < limits.length; b++) {
      assertThat(texts.get(b).tokens()).containsExactly(greedy(prompts.get(b), limits[b]));
    }
  }

  @Test
  void generationEqualsGreedySteppingWithoutCache() {
    List<int[]> prompts = List.of(tokens(3, 1), tokens(7, 2), tokens(5, 3));
    int[] limits = {4, 9, 1};

    List<GeneratedTokens> texts = model.generate(prompts, limits);

    for (int b = 0; b < limits.length; b++) {
      int[] expected = greedy(prompts.get(b), limits[b]);
      assertThat(texts.get(b).tokens()).containsExactly(expected);
      assertThat(texts.get(b).stopped()).isEqualTo(expected.length < limits[b]);
    }
  }

  @Test
  void promptThatFillsTheContextDoesNotShortenOthers() {
    List<int[]> prompts = List.of(tokens(POSITIONS, 1), tokens(3, 2), tokens(POSITIONS - 2, 3));
    int[] limits = {10, 10, 10};

    List<GeneratedTokens> texts = model.generate(prompts, limits);

    int[] room = {1, 10, 3};
    for (int b = 0; b < room.length; b++) {
      int[] expected = greedy(prompts.get(b), room[b]);
      assertThat(texts.get(b).tokens()).containsExactly(expected);
      // The context ends a text like a limit: the model did not.
      assertThat(texts.get(b).stopped()).isEqualTo(expected.length < room[b]);
    }
  }

  @Test
  void gradientNormsMatchFiniteDifferences() {
    Architecture config =
        new LlamaConfig(4, 6, 1, 2, 1, 2, 7, 8, 1e-5, 10000, Optional.empty(), true, Set.of())
            .architecture();
    try (Decoder small =
        Decoder.load(config, Adapter.full(), DataType.DOUBLE, new RandomWeights(5))) {
      Example example = new Example("e", new int[] {1, 3, 5, 4, 2}, 2);
      double sum = 0;
      for (ParameterLayout.Entry entry : small.layout().entries()) {
        double square = 0;
        for (long i = entry.offset(); i < entry.offset() + entry.length(); i++) {
          square += Math.pow(slope(small, example, i), 2);
        }
        sum += Math.sqrt(square);
      }

      double[] norms =
          new DecoderAnswerModel(small, Set.of(END), Arrays::toString)
              .gradientNorms(List.of(example, example));

      double expected = sum / small.layout().entries().size();
      assertThat(norms).containsExactly(new double[] {expected, expected}, within(1e-7));
    }
  }

  /** Returns the derivative of the mean loss with respect to one parameter. */
  private static double slope(Decoder model, Example example, long parameter) {
    return FiniteDifferences.slope(
        model.parameters(),
        parameter,
        1e-5,
        () -> AnswerLikelihood.meanLoss(model.forward(Batch.of(List.of(example))).tokens()[0]));
  }

  @Test
  void gradientNormOfAnAdapterIsRejected() {
    try (Decoder adapted =
        Decoder.load(
            decoder.architecture(),
            new Adapter.Lora(2, 4, 0, Set.of("q_proj"), 1),
            DataType.FLOAT,
            new RandomWeights(5))) {
      assertThatExceptionOfType(LetheException.class)
          .isThrownBy(
              () ->
                  new DecoderAnswerModel(adapted, Set.of(END), Arrays::toString)
                      .gradientNorms(List.of(example("a", 5, 2))))
          .withMessage(
              "Gradient norms of a model with an adapter, expected full weights; merge the adapter,"
                  + " or set lethe.benchmark.gradient-norm = no");
    }
  }

  private static int[] greedy(int[] prompt, int limit) {
    int[] sequence = prompt.clone();
    while (sequence.length < prompt.length + limit) {
      // The last token is only a target, so any token will do.
      Example example =
          new Example("x", Arrays.copyOf(sequence, sequence.length + 1), sequence.length);
      int next = indexOfLargest(logits(Batch.of(List.of(example))).get(0)[0]);
      if (next == END) {
        break;
      }
      sequence = Arrays.copyOf(sequence, sequence.length + 1);
      sequence[sequence.length - 1] = next;
    }
    return Arrays.copyOfRange(sequence, prompt.length, sequence.length);
  }

  private static List<double[][]> logits(Batch batch) {
    List<double[]> rows = new ArrayList<>();
    decoder.forward(batch, chunk -> rows.addAll(Arrays.asList(Matrices.rows(chunk.logits()))));
    List<double[][]> bySequence = new ArrayList<>();
    int from = 0;
    for (Example example : batch.examples()) {
      int to = from + example.completionTokens();
      bySequence.add(rows.subList(from, to).toArray(double[][]::new));
      from = to;
    }
    return bySequence;
  }

  private static Example example(String id, int length, int promptTokens) {
    return new Example(id, tokens(length, id.hashCode()), promptTokens);
  }

  private static int[] tokens(int length, int seed) {
    return new Random(seed).ints(length, 3, VOCABULARY).toArray();
  }

  private static int indexOfLargest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static double[] logSoftmax(double[] logits) {
    double largest = logits[indexOfLargest(logits)];
    double sum = Arrays.stream(logits).map(v -> Math.exp(v - largest)).sum();
    return Arrays.stream(logits).map(v -> v - largest - Math.log(sum)).toArray();
  }
}
