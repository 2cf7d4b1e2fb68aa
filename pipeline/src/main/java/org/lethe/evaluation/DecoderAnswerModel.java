package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.lethe.error.EvaluationErrors;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Generator;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.model.LogitLoss;
import org.lethe.model.ParameterLayout;
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
  public double[] gradientNorms(List<Example> examples) {
    if (decoder.adapter() instanceof Adapter.Lora) {
      // Norms of factors alone cannot be compared with those of other models.
      throw EvaluationErrors.gradientOfAdapter();
    }
    double[] norms = new double[examples.size()];
    ParameterLayout layout = decoder.layout();
    try (Gradients gradients = decoder.newGradients()) {
      for (int b = 0; b < norms.length; b++) {
        gradients.clear();
        Example example = examples.get(b);
        decoder.accumulate(
            Batch.of(List.of(example)), LogitLoss.negativeLogLikelihood(), gradients);
        double sum = 0;
        for (ParameterLayout.Entry entry : layout.entries()) {
          sum += layout.view(gradients.flat(), entry).norm2Number().doubleValue();
        }
        norms[b] = sum / layout.entries().size() / example.completionTokens();
      }
    }
    return norms;
  }

  @Override
  public List<int[]> generate(List<int[]> prompts, int[] limits) {
    int[][] generated = new int[limits.length][];
    Arrays.fill(generated, new int[0]);
    for (Group group : groups(prompts, limits)) {
      Generator generator =
          new Generator(
              decoder, new Generator.Settings(group.limit, group.members.size(), endTokens));
      List<int[]> texts =
          generator.generate(group.members.stream().map(prompts::get).toList(), finished -> {});
      for (int i = 0; i < texts.size(); i++) {
        int member = group.members.get(i);
        int[] tokens = texts.get(i);
        generated[member] = Arrays.copyOf(tokens, Math.min(tokens.length, limits[member]));
      }
    }
    return List.of(generated);
  }

  /** Prompts that run side by side, the longest with the largest limit within the context. */
  private static final class Group {
    private final List<Integer> members = new ArrayList<>();
    private int longest;
    private int limit;

    boolean takes(int prompt, int newTokens, int positions) {
      // The last new token is never read back, so it needs no position.
      return Math.max(longest, prompt) + Math.max(limit, newTokens) - 1 <= positions;
    }

    void add(int member, int prompt, int newTokens) {
      members.add(member);
      longest = Math.max(longest, prompt);
      limit = Math.max(limit, newTokens);
    }
  }

  /** Nearly always one group: more only where a prompt fills the context almost alone. */
  private List<Group> groups(List<int[]> prompts, int[] limits) {
    int positions = decoder.config().maxPositions();
    List<Integer> byLength =
        IntStream.range(0, limits.length)
            .boxed()
            .sorted(Comparator.comparingInt(b -> prompts.get(b).length))
            .toList();
    List<Group> groups = new ArrayList<>();
    for (int member : byLength) {
      int prompt = prompts.get(member).length;
      int newTokens = Math.min(limits[member], positions - prompt + 1);
      if (newTokens > 0) {
        if (groups.isEmpty()
            || !groups.get(groups.size() - 1).takes(prompt, newTokens, positions)) {
          groups.add(new Group());
        }
        groups.get(groups.size() - 1).add(member, prompt, newTokens);
      }
    }
    return groups;
  }

  @Override
  public String decode(int[] tokens) {
    return text.apply(tokens);
  }
}
