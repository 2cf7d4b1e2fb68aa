package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.lethe.compute.Vectors;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.model.RowRange.SequenceCover;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.generation.Generator;
import org.lethe.model.layer.Activations;
import org.lethe.model.layer.Rotations;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;

final class DecoderTest {
  private static final Architecture CONFIG =
      new LlamaConfig(64, 160, 2, 8, 4, 8, 301, 200, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();

  private static Decoder decoder(int threads) {
    return Decoder.load(
        CONFIG,
        Adapter.full(),
        new HeapBackend(),
        new FormulaWeights(),
        Rotations.of(CONFIG),
        Activations.KEPT,
        threads);
  }

  /** Sequences of different lengths, long enough for several blocks of queries. */
  private static Batch batch(int seed) {
    List<Example> examples = new ArrayList<>();
    for (int b = 0; b < 5; b++) {
      int[] tokens = new SplittableRandom(seed + b).ints(20 + 37 * b, 3, 301).toArray();
      examples.add(new Example("row " + b, tokens, 1 + b));
    }
    return Batch.of(examples);
  }

  private static double[] gradient(Decoder decoder, Batch batch) {
    try (Gradients gradients = decoder.newGradients()) {
      decoder.accumulate(batch, LogitLoss.negativeLogLikelihood(), gradients);
      return Vectors.values(gradients.flat());
    }
  }

  @Test
  void resultsDoNotDependOnTheNumberOfThreads() {
    try (Decoder one = decoder(1);
        Decoder three = decoder(3)) {
      for (int round = 0; round < 10; round++) {
        assertThat(gradient(three, batch(round))).isEqualTo(gradient(one, batch(round)));
      }
    }
  }

  @Test
  void decodersOfOneProcessDoNotDisturbEachOther() throws Exception {
    double[][] expected = new double[4][];
    try (Decoder decoder = decoder(1)) {
      for (int i = 0; i < expected.length; i++) {
        expected[i] = gradient(decoder, batch(100 * i));
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        running.add(
            threads.submit(
                () -> {
                  try (Decoder decoder = decoder(2)) {
                    for (int i = 0; i < expected.length; i++) {
                      assertThat(gradient(decoder, batch(100 * i))).isEqualTo(expected[i]);
                    }
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void theFlatVectorKeepsNeighboursTogether() {
    try (Decoder decoder = decoder(1)) {
      List<String> names =
          decoder.layout().entries().stream().map(ParameterLayout.Entry::name).toList();
      assertThat(names)
          .startsWith(
              "model.embed_tokens.weight",
              "model.layers.0.input_layernorm.weight",
              "model.layers.0.self_attn.q_proj.weight",
              "model.layers.0.self_attn.k_proj.weight",
              "model.layers.0.self_attn.v_proj.weight",
              "model.layers.0.self_attn.o_proj.weight",
              "model.layers.0.post_attention_layernorm.weight",
              "model.layers.0.mlp.gate_proj.weight",
              "model.layers.0.mlp.up_proj.weight",
              "model.layers.0.mlp.down_proj.weight")
          .endsWith("model.norm.weight")
          .doesNotContain("lm_head.weight");
      assertThat(decoder.parameters().length()).isEqualTo(decoder.layout().size());
    }
  }

  /** Generates without a cache: runs the whole text again for each token. */
  private static int[] withoutCache(Decoder decoder, int[] prompt, int newTokens) {
    List<Integer> generated = new ArrayList<>();
    for (int i = 0; i < newTokens; i++) {
      int[] tokens = new int[prompt.length + i + 1];
      System.arraycopy(prompt, 0, tokens, 0, prompt.length);
      for (int j = 0; j < i; j++) {
        tokens[prompt.length + j] = generated.get(j);
      }
      Batch batch = Batch.of(List.of(new Example("x", tokens, tokens.length - 1)));
      decoder.forward(batch, chunk -> generated.add(chunk.compute().largest(chunk.logits())[0]));
    }
    return generated.stream().mapToInt(Integer::intValue).toArray();
  }

  @Test
  void cachedGenerationAgreesWithWholePassesForPromptsOfAnyLength() {
    List<int[]> prompts =
        List.of(new int[] {1, 40, 41}, new int[] {1}, new int[] {1, 9, 200, 17, 33, 150, 8});
    try (Decoder decoder = decoder(2)) {
      List<Integer> progress = new ArrayList<>();
      List<int[]> generated =
          new Generator(decoder, new Generator.Settings(12, 2, Set.of()))
              .generate(prompts, progress::add);
      for (int i = 0; i < prompts.size(); i++) {
        assertThat(generated.get(i)).containsExactly(withoutCache(decoder, prompts.get(i), 12));
      }
      assertThat(progress).containsExactly(2, 3);
    }
  }

  @Test
  void generationStopsAtAnEndTokenAndLeavesItOut() {
    int[] prompt = {1, 40, 41};
    try (Decoder decoder = decoder(1)) {
      int[] all =
          new Generator(decoder, new Generator.Settings(12, 2, Set.of()))
              .generate(List.of(prompt), done -> {})
              .get(0);
      int end = all[5];
      int first = 0;
      while (all[first] != end) {
        first++;
      }
      int[] generated =
          new Generator(decoder, new Generator.Settings(12, 2, Set.of(end)))
              .generate(List.of(prompt, new int[] {1, 2, 3}), done -> {})
              .get(0);
      assertThat(generated).containsExactly(java.util.Arrays.copyOf(all, first));
    }
  }

  @Test
  void aTokenOutsideTheVocabularyIsRejected() {
    Batch batch = Batch.of(List.of(new Example("x", new int[] {1, 301, 2}, 1)));
    try (Decoder decoder = decoder(1)) {
      assertThatThrownBy(() -> decoder.forward(batch))
          .isInstanceOf(LetheException.class)
          .hasMessage(
              "Invalid token id: 301, expected 0 to 300, the model's vocabulary; the tokenizer"
                  + " belongs to another model");
    }
  }

  @Test
  void aSequenceBeyondTheModelsPositionsIsRejected() {
    Batch batch = Batch.of(List.of(new Example("x", new int[202], 1)));
    try (Decoder decoder = decoder(1)) {
      assertThatThrownBy(() -> decoder.forward(batch))
          .hasMessageStartingWith("Invalid sequence length: 201 tokens, expected at most 200");
    }
  }

  @Test
  void aNanLossIsReported() {
    Batch batch = Batch.of(List.of(new Example("row 7", new int[] {1, 5, 2}, 1)));
    try (Decoder decoder = decoder(1)) {
      Vectors.set(decoder.parameters(), 64 * 301 + 3, Float.NaN);
      assertThatThrownBy(() -> decoder.forward(batch))
          .hasMessageStartingWith("Invalid loss: NaN at row row 7")
          .extracting(e -> ((LetheException) e).exitClass())
          .isEqualTo(ExitClass.DIVERGED);
    }
  }

  @Test
  void chunksHoldWholeSequencesWhereTheyFit() {
    int[] sequences = {0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3};
    assertThat(RowRange.chunks(sequences, 4))
        .containsExactly(
            new RowRange(0, 2, SequenceCover.WHOLE),
            new RowRange(2, 3, SequenceCover.WHOLE),
            new RowRange(5, 4, SequenceCover.PARTIAL),
            new RowRange(9, 1, SequenceCover.PARTIAL),
            new RowRange(10, 1, SequenceCover.WHOLE));
    assertThat(RowRange.chunks(sequences, 100))
        .containsExactly(new RowRange(0, 11, SequenceCover.WHOLE));
  }

  @Test
  void randomWeightsDependOnlyOnSeedAndName() {
    try (Decoder a = Decoder.load(CONFIG, Adapter.full(), DataType.FLOAT, new RandomWeights(4));
        Decoder b = Decoder.load(CONFIG, Adapter.full(), DataType.FLOAT, new RandomWeights(4));
        Decoder c = Decoder.load(CONFIG, Adapter.full(), DataType.FLOAT, new RandomWeights(5))) {
      assertThat(Vectors.values(a.parameters()))
          .isEqualTo(Vectors.values(b.parameters()))
          .isNotEqualTo(Vectors.values(c.parameters()));
      assertThat(
              Vectors.array(
                      a.layout()
                          .view(
                              a.parameters(),
                              a.layout().find("model.embed_tokens.weight").orElseThrow()))
                  .stdNumber()
                  .doubleValue())
          .isBetween(0.0195, 0.0205);
    }
  }
}
