package org.lethe.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;
import org.lethe.compute.TestBackend;
import org.lethe.compute.Vectors;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.GoldenWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class SamplingTest {
  private static final Architecture CONFIG =
      new LlamaConfig(64, 160, 2, 8, 4, 8, 301, 200, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();
  private static final Sampling WIDE = Sampling.temperature(1);

  private static Decoder decoder(TestBackend backend) {
    return Decoder.load(CONFIG, Adapter.full(), backend.backend(), GoldenWeights.formula());
  }

  /** Share of each token in many draws from the same logits. */
  private static double[] shares(Sampling sampling, int token, float... logits) {
    int draws = 40_000;
    List<SampledPrompt> prompts =
        IntStream.range(0, draws)
            .mapToObj(i -> SampledPrompt.of("p" + i, new int[] {1}, sampling))
            .toList();
    double[] shares = new double[logits.length];
    Backend backend = TestBackend.HEAP_FLOAT.backend();
    Matrix rows = backend.matrix(draws, logits.length);
    for (int row = 0; row < draws; row++) {
      rows.rows(row, 1).upload(logits);
    }
    int[] slots = IntStream.range(0, draws).toArray();
    int[] chosen = new Sampler(prompts, 7).at(slots, token).choose(backend.compute(1), rows, 0);
    rows.close();
    for (int choice : chosen) {
      shares[choice]++;
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= draws;
    }
    return shares;
  }

  private static float log(double p) {
    return (float) Math.log(p);
  }

  @Test
  void tokensAreDrawnByTheirProbability() {
    // Five standard deviations of a share of 0.5 in 40,000 draws are 0.0125.
    assertThat(shares(WIDE, 0, log(0.5), log(0.3), log(0.15), log(0.05)))
        .containsExactly(new double[] {0.5, 0.3, 0.15, 0.05}, offset(0.0125));
  }

  @Test
  void temperatureDividesTheLogits() {
    double[] hot = {Math.sqrt(0.9), Math.sqrt(0.1)};
    double sum = hot[0] + hot[1];
    assertThat(shares(Sampling.temperature(2), 0, log(0.9), log(0.1)))
        .containsExactly(new double[] {hot[0] / sum, hot[1] / sum}, offset(0.0125));
  }

  @Test
  void temperatureFallsOverTheFirstTokens() {
    Temperature falling = new Temperature(10, 1, 20);
    assertThat(List.of(falling.at(0), falling.at(10), falling.at(20), falling.at(500)))
        .containsExactly(10.0, 5.5, 1.0, 1.0);
    Sampling sampling = new Sampling(falling, Sampling.ALL_TOKENS, 1);
    assertThat(shares(sampling, 30, log(0.9), log(0.1))[0]).isEqualTo(0.9, offset(0.0125));
    assertThat(shares(sampling, 0, log(0.9), log(0.1))[0]).isLessThan(0.6);
  }

  @Test
  void topKKeepsTheMostProbable() {
    Sampling two = new Sampling(Temperature.constant(1), 2, 1);
    assertThat(shares(two, 0, log(0.1), log(0.45), log(0.15), log(0.3)))
        .containsExactly(new double[] {0, 0.6, 0, 0.4}, offset(0.0125));
  }

  @Test
  void topKKeepsTheMostProbableAtAnyPosition() {
    Sampling three = new Sampling(Temperature.constant(1), 3, 1);
    float[] logits = new float[100];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (i * 37) % 100 * 0.01f; // Each of 0.00 to 0.99 once.
    }
    double[] shares = shares(three, 0, logits);
    assertThat(IntStream.range(0, 100).filter(i -> shares[i] > 0).map(i -> i * 37 % 100).sorted())
        .containsExactly(97, 98, 99);
  }

  @Test
  void tokensOfEqualLogitsStayTogether() {
    Sampling one = new Sampling(Temperature.constant(1), 1, 1);
    float[] logits = {1, 2, 2, 0, 2, 2, 1, 2};
    assertThat(shares(one, 0, logits))
        .containsExactly(new double[] {0, 0.2, 0.2, 0, 0.2, 0.2, 0, 0.2}, offset(0.0125));
  }

  @Test
  void topPKeepsTheFewestTokensThatReachTheShare() {
    Sampling share = new Sampling(Temperature.constant(1), Sampling.ALL_TOKENS, 0.7);
    assertThat(shares(share, 0, log(0.1), log(0.45), log(0.15), log(0.3)))
        .containsExactly(new double[] {0, 0.6, 0, 0.4}, offset(0.0125));
    Sampling most = new Sampling(Temperature.constant(1), Sampling.ALL_TOKENS, 0.4);
    assertThat(shares(most, 0, log(0.1), log(0.45), log(0.15), log(0.3))[1]).isEqualTo(1);
  }

  @Test
  void negativeLogitsAreOrderedToo() {
    Sampling one = new Sampling(Temperature.constant(1), 1, 1);
    assertThat(shares(one, 0, -3f, -1f, -2f)[1]).isEqualTo(1);
    assertThat(shares(one, 0, -3f, 1f, -2f)[1]).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aTextDependsOnlyOnSeedAndId(TestBackend backend) {
    List<SampledPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      prompts.add(SampledPrompt.of("prompt " + i, new int[] {1, 40 + i % 2, 3 + i}, WIDE));
    }
    prompts.add(SampledPrompt.of("another id", new int[] {1, 40, 3}, WIDE));
    try (Decoder decoder = decoder(backend)) {
      List<int[]> together = sample(decoder, 8, prompts, 5);
      List<int[]> backwards =
          sample(
              decoder, 3, prompts.stream().sorted((a, b) -> b.id().compareTo(a.id())).toList(), 5);
      for (int i = 0; i < prompts.size(); i++) {
        assertThat(sample(decoder, 1, List.of(prompts.get(i)), 5).get(0))
            .isEqualTo(together.get(i));
      }
      assertThat(backwards.get(0)).isEqualTo(together.get(6));
      assertThat(together.get(7)).isNotEqualTo(together.get(0));
      assertThat(sample(decoder, 8, prompts, 6).get(0)).isNotEqualTo(together.get(0));
    }
  }

  private static List<int[]> sample(
      Decoder decoder, int batchSize, List<SampledPrompt> prompts, long seed) {
    return new Generator(decoder, new Generator.Settings(20, batchSize, Set.of()))
        .sample(prompts, seed, done -> {});
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP_FLOAT", "ARRAY_FLOAT"})
  void floatAndDoubleDrawTheSameTokens(TestBackend backend) {
    List<SampledPrompt> prompts = List.of(SampledPrompt.of("x", new int[] {1, 40}, WIDE));
    try (Decoder single = decoder(backend);
        Decoder twice = decoder(TestBackend.ARRAY_DOUBLE)) {
      assertThat(sample(single, 1, prompts, 5).get(0))
          .isEqualTo(sample(twice, 1, prompts, 5).get(0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void topOneEqualsGreedyGeneration(TestBackend backend) {
    int[] prompt = {1, 40, 41};
    Sampling one = new Sampling(Temperature.constant(1), 1, 1);
    try (Decoder decoder = decoder(backend)) {
      int[] greedy =
          new Generator(decoder, new Generator.Settings(20, 1, Set.of()))
              .generate(List.of(prompt), done -> {})
              .get(0);
      assertThat(sample(decoder, 1, List.of(SampledPrompt.of("x", prompt, one)), 5).get(0))
          .isEqualTo(greedy);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOpenerIsReadAndIsPartOfTheAnswer(TestBackend backend) {
    int[] whole = {1, 40, 41, 60, 61};
    try (Decoder decoder = decoder(backend)) {
      int[] free = sample(decoder, 1, List.of(SampledPrompt.of("x", whole, WIDE)), 5).get(0);
      int[] forced =
          sample(
                  decoder,
                  1,
                  List.of(new SampledPrompt("x", new int[] {1, 40, 41}, new int[] {60, 61}, WIDE)),
                  5)
              .get(0);
      assertThat(forced).startsWith(60, 61).endsWith(free).hasSize(22);
    }
  }

  @ParameterizedTest
  @EnumSource
  void lastStatesAreTheHeadsInput(TestBackend backend) {
    int[] prompt = {1, 40, 41, 7};
    try (Decoder decoder = decoder(backend)) {
      float[][] states = decoder.lastStates(List.of(new int[] {1, 9}, prompt));
      int[] withNext = {1, 40, 41, 7, 5};
      List<float[]> logits = new ArrayList<>();
      decoder.forward(
          Batch.of(List.of(new Example("x", withNext, 4))),
          chunk -> {
            logits.add(new float[chunk.logits().columns()]);
            chunk.logits().download(logits.get(0));
          });
      INDArray table =
          Vectors.array(
              decoder.layout().view(decoder.parameters(), decoder.layout().entries().get(0)));
      INDArray expected = table.castTo(DataType.FLOAT).mmul(Nd4j.create(states[1]).reshape(64, 1));
      assertThat(logits.get(0)).containsExactly(expected.toFloatVector(), offset(1e-4f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNanLogitIsReported(TestBackend backend) {
    try (Decoder decoder = decoder(backend)) {
      Vectors.set(decoder.parameters(), 64 * 40 + 3, Float.NaN);
      List<SampledPrompt> prompts = List.of(SampledPrompt.of("arm 3/0", new int[] {1, 40}, WIDE));
      assertThatThrownBy(() -> sample(decoder, 1, prompts, 5))
          .isInstanceOf(LetheException.class)
          .hasMessage(
              "Invalid logit: NaN at prompt arm 3/0, expected a finite number; the weights have"
                  + " diverged, lower the learning rate")
          .extracting(e -> ((LetheException) e).exitClass())
          .isEqualTo(ExitClass.DIVERGED);
    }
  }

  @Test
  void invalidSettingsAreRejected() {
    assertThatThrownBy(() -> Temperature.constant(0))
        .hasMessage("Invalid temperature: 0.0 to 0.0, expected finite and above 0");
    assertThatThrownBy(() -> new Sampling(Temperature.constant(1), 0, 1))
        .hasMessage("Invalid top-k: 0, expected at least 1");
    assertThatThrownBy(() -> new Sampling(Temperature.constant(1), 1, 0))
        .hasMessage("Invalid top-p: 0.0, expected in (0, 1]");
  }
}
