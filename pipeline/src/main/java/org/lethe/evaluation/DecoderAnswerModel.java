package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.lethe.compute.FlatVector;
import org.lethe.error.EvaluationErrors;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitLoss;
import org.lethe.model.ParameterLayout;
import org.lethe.model.generation.Generator;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Adapts a {@link Decoder} to evaluation. Like a decoder, it serves one thread at a time. */
public final class DecoderAnswerModel implements AnswerModel {
  private final Decoder decoder;
  private final Set<Integer> endTokens;
  private final Function<int[], String> text;

  /**
   * Wraps a decoder. The caller still has to close it.
   *
   * @param endTokens tokens at which generation stops
   * @param text turns token ids into text, without special tokens
   */
  public DecoderAnswerModel(Decoder decoder, Set<Integer> endTokens, Function<int[], String> text) {
    this.decoder = decoder;
    this.endTokens = Set.copyOf(endTokens);
    this.text = text;
  }

  @Override
  public List<TokenScores> score(Batch batch) {
    return SharedScoring.score(batch, decoder);
  }

  @Override
  public double[] gradientNorms(List<Example> examples) {
    if (decoder.adapter() instanceof Adapter.Lora) {
      // Norms of LoRA factors cannot be compared with those of other models.
      throw EvaluationErrors.gradientOfAdapter();
    }
    double[] norms = new double[examples.size()];
    ParameterLayout layout = decoder.layout();
    if (layout.entries().isEmpty()) {
      throw new IllegalStateException("Invalid adapter: nothing is trained, expected all weights");
    }
    try (Gradients gradients = decoder.newGradients()) {
      for (int b = 0; b < norms.length; b++) {
        gradients.clear();
        Example example = examples.get(b);
        decoder.accumulate(
            Batch.of(List.of(example)), LogitLoss.negativeLogLikelihood(), gradients);
        double sum = 0;
        for (ParameterLayout.Entry entry : layout.entries()) {
          FlatVector tensor = gradients.flat().slice(entry.offset(), entry.length());
          sum += tensor.math().norm(tensor);
        }
        norms[b] = sum / layout.entries().size() / example.completionTokens();
      }
    }
    return norms;
  }

  @Override
  public List<GeneratedTokens> generate(List<int[]> prompts, int[] limits) {
    GeneratedTokens[] generated = new GeneratedTokens[limits.length];
    // A prompt that fills the context leaves no room for a first token.
    Arrays.fill(generated, new GeneratedTokens(new int[0], false));
    for (Group group : groups(prompts, limits)) {
      Generator generator =
          new Generator(
              decoder, new Generator.Settings(group.limit, group.members.size(), endTokens));
      List<int[]> texts =
          generator.generate(group.members.stream().map(prompts::get).toList(), finished -> {});
      for (int i = 0; i < texts.size(); i++) {
        int member = group.members.get(i);
        int[] tokens = texts.get(i);
        // By the row's own limit, so that the result does not depend on the group's.
        int limit = room(prompts.get(member).length, limits[member]);
        generated[member] =
            new GeneratedTokens(
                Arrays.copyOf(tokens, Math.min(tokens.length, limit)), tokens.length < limit);
      }
    }
    return List.of(generated);
  }

  /**
   * Prompts that are generated together. The longest prompt and the largest limit fit into the
   * context.
   */
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

  /** Returns the number of new tokens that the limit and the context allow. */
  private int room(int prompt, int limit) {
    return Math.max(0, Math.min(limit, decoder.architecture().maxPositions() - prompt + 1));
  }

  /** Returns nearly always one group; more only if a prompt almost fills the context. */
  private List<Group> groups(List<int[]> prompts, int[] limits) {
    int positions = decoder.architecture().maxPositions();
    List<Integer> byLength =
        IntStream.range(0, limits.length)
            .boxed()
            .sorted(Comparator.comparingInt(b -> prompts.get(b).length))
            .toList();
    List<Group> groups = new ArrayList<>();
    for (int member : byLength) {
      int prompt = prompts.get(member).length;
      int newTokens = room(prompt, limits[member]);
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
