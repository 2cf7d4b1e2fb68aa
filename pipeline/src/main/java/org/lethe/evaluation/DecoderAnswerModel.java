package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.lethe.model.Decoder;
import org.lethe.model.Generator;
import org.lethe.model.LogitChunk;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A {@link Decoder} as evaluation sees it. It belongs to one thread at a time, as decoders do. */
public final class DecoderAnswerModel implements AnswerModel {
  private static final double LEAST_VARIANCE = 1e-6;

  private final Decoder decoder;
  private final Set<Integer> endTokens;
  private final Function<int[], String> text;

  /**
   * Wraps a decoder, which stays the caller's to close.
   *
   * @param endTokens where generation stops
   * @param text turns token ids into text, special tokens left out
   */
  public DecoderAnswerModel(Decoder decoder, Set<Integer> endTokens, Function<int[], String> text) {
    this.decoder = decoder;
    this.endTokens = Set.copyOf(endTokens);
    this.text = text;
  }

  @Override
  public List<TokenScores> score(Batch batch) {
    int rows = Math.toIntExact(batch.completionTokens());
    double[] losses = new double[rows];
    boolean[] hits = new boolean[rows];
    double[] standardised = new double[rows];
    decoder.forward(batch, chunk -> read(chunk, losses, hits, standardised));
    List<TokenScores> scores = new ArrayList<>();
    int from = 0;
    for (Example example : batch.examples()) {
      int to = from + example.completionTokens();
      scores.add(
          new TokenScores(
              Arrays.copyOfRange(losses, from, to),
              Arrays.copyOfRange(hits, from, to),
              Arrays.copyOfRange(standardised, from, to)));
      from = to;
    }
    return scores;
  }

  private static void read(
      LogitChunk chunk, double[] losses, boolean[] hits, double[] standardised) {
    int first = chunk.firstRow();
    int[] targets = chunk.targets();
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      INDArray logits = chunk.logits(); // [n, V]
      long[] best = logits.argMax(1).toLongVector();
      // With x = logit - row maximum: log p = x - log sum exp x, of which only mean and variance
      // under p are needed; both follow from the first two moments of x.
      INDArray x = logits.subColumnVector(logits.max(true, 1)); // [n, V]
      INDArray p = Transforms.exp(x, true); // [n, V], not yet divided by its sum
      double[] sums = p.sum(1).toDoubleVector();
      p.muli(x);
      double[] firstMoments = p.sum(1).toDoubleVector();
      p.muli(x);
      double[] secondMoments = p.sum(1).toDoubleVector();
      for (int row = 0; row < targets.length; row++) {
        double mean = firstMoments[row] / sums[row];
        double variance = secondMoments[row] / sums[row] - mean * mean;
        hits[first + row] = best[row] == targets[row];
        standardised[first + row] =
            (x.getDouble(row, targets[row]) - mean) / Math.sqrt(Math.max(variance, LEAST_VARIANCE));
      }
    }
    double[] chunkLosses = chunk.tokenLosses();
    System.arraycopy(chunkLosses, 0, losses, first, chunkLosses.length);
  }

  @Override
  public List<int[]> generate(List<int[]> prompts, int[] limits) {
    int[] fitting = new int[limits.length];
    for (int b = 0; b < limits.length; b++) {
      int room = decoder.config().maxPositions() - prompts.get(b).length;
      fitting[b] = Math.max(0, Math.min(limits[b], room));
    }
    int longest = Arrays.stream(fitting).max().orElse(0);
    if (longest == 0) {
      return prompts.stream().map(prompt -> new int[0]).toList();
    }
    Generator generator =
        new Generator(decoder, new Generator.Settings(longest, prompts.size(), endTokens));
    List<int[]> generated = generator.generate(prompts, finished -> {});
    List<int[]> cut = new ArrayList<>();
    for (int b = 0; b < limits.length; b++) {
      int[] tokens = generated.get(b);
      cut.add(Arrays.copyOf(tokens, Math.min(tokens.length, fitting[b])));
    }
    return cut;
  }

  @Override
  public String decode(int[] tokens) {
    return text.apply(tokens);
  }
}
