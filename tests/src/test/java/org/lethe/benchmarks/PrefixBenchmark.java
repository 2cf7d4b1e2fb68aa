package org.lethe.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.evaluation.SharedScoring;
import org.lethe.evaluation.TokenScoring;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.generation.Generator;
import org.lethe.tensor.NativeBackend;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * Measures scoring with and without shared reading of common beginnings, and the first token of
 * equal and of different prompts.
 *
 * <p>Arguments: shape (stories15m or smollm2), rounds (5). Prints lines of CSV as {@link PassMeter}
 * does.
 */
public final class PrefixBenchmark {
  private PrefixBenchmark() {}

  public static void main(String[] arguments) {
    NativeBackend.prepare();
    Architecture shape = BenchmarkShapes.of(arguments[0]);
    RandomTokens tokens = new RandomTokens(shape.vocabularySize());
    PassMeter meter = new PassMeter(arguments[0], new Arguments(arguments).number(1, 5));
    try (Decoder decoder =
        Decoder.load(shape, Adapter.frozen(), new HeapBackend(), new RandomWeights(1))) {
      score(meter, "questions after 5 examples", decoder, examples(tokens, 16, 400, 80, 1));
      score(meter, "answers to one prompt", decoder, examples(tokens, 32, 24, 0, 30));
      List<int[]> different = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        different.add(tokens.row(i, 64));
      }
      Generator generator =
          new Generator(decoder, new Generator.Settings(1, different.size(), Set.of()));
      List<int[]> equal = Collections.nCopies(different.size(), different.get(0));
      meter.measure("first tokens, whole", 0, () -> generator.generate(different, done -> {}));
      meter.measure("first tokens, shared", 0, () -> generator.generate(equal, done -> {}));
    }
  }

  /** Examples with a common beginning, the rest of a prompt, and an answer. */
  private static List<Example> examples(
      RandomTokens tokens, int count, int common, int prompt, int answer) {
    int[] beginning = tokens.row(0, common);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] rest = tokens.row(1 + i, prompt + answer);
      int[] all = IntStream.concat(Arrays.stream(beginning), Arrays.stream(rest)).toArray();
      examples.add(new Example("row " + i, all, common + prompt));
    }
    return examples;
  }

  private static void score(PassMeter meter, String what, Decoder decoder, List<Example> examples) {
    Batch batch = Batch.of(examples);
    meter.measure(what + ", whole", 0, () -> TokenScoring.score(batch, decoder::forward));
    meter.measure(what + ", shared", 0, () -> SharedScoring.score(batch, decoder));
  }
}
