package org.lethe.evaluation;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.lethe.compute.Compute.Moments;
import org.lethe.compute.FlatVector;
import org.lethe.error.EvaluationErrors;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.model.LogitLoss;
import org.lethe.model.ParameterLayout;
import org.lethe.model.generation.Generator;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Adapts a {@link Decoder} to evaluation. Like a decoder, it serves one thread at a time. */
public final class DecoderAnswerModel implements AnswerModel {
  private static final double LEAST_VARIANCE = 1e-6;

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
    List<Sheet> sheets = batch.examples().stream().map(Sheet::new).toList();
    List<List<Integer>> alike = alike(batch.examples());
    List<Row> rows = new ArrayList<>();
    for (List<Integer> members : alike) {
      int tokens = batch.examples().get(members.get(0)).completionTokens();
      IntStream.range(0, tokens).forEach(token -> rows.add(new Row(members, token)));
    }
    Batch first =
        Batch.of(alike.stream().map(members -> batch.examples().get(members.get(0))).toList());
    decoder.forward(first, chunk -> read(chunk, rows, sheets));
    return sheets.stream().map(Sheet::scores).toList();
  }

  /** Collects the scores of an example. */
  private static final class Sheet {
    private final Example example;
    private final double[] losses;
    private final boolean[] hits;
    private final double[] standardised;

    Sheet(Example example) {
      this.example = example;
      losses = new double[example.completionTokens()];
      hits = new boolean[losses.length];
      standardised = new double[losses.length];
    }

    TokenScores scores() {
      return new TokenScores(losses, hits, standardised);
    }
  }

  /**
   * A row of logits.
   *
   * @param members examples whose token it predicts
   * @param token index of that token among their completion tokens
   */
  private record Row(List<Integer> members, int token) {}

  /**
   * Groups examples that can share a forward pass: those that differ only in one last token, such
   * as the letters of a question.
   */
  static List<List<Integer>> alike(List<Example> examples) {
    Map<IntBuffer, List<Integer>> byInput = new HashMap<>();
    List<List<Integer>> alike = new ArrayList<>();
    for (int b = 0; b < examples.size(); b++) {
      int[] tokens = examples.get(b).tokens();
      List<Integer> members = new ArrayList<>();
      if (examples.get(b).completionTokens() == 1) {
        members =
            byInput.computeIfAbsent(
                IntBuffer.wrap(tokens, 0, tokens.length - 1), input -> new ArrayList<>());
      }
      if (members.isEmpty()) {
        alike.add(members);
      }
      members.add(b);
    }
    return alike;
  }

  /**
   * The entries of a chunk's logits to score, by row and then by member.
   *
   * @param rows rows of the chunk
   * @param tokens the members' tokens there
   */
  private record Pairs(int[] rows, int[] tokens) {
    static Pairs of(LogitChunk chunk, List<Row> rows, List<Sheet> sheets) {
      IntStream.Builder chunkRows = IntStream.builder();
      IntStream.Builder tokens = IntStream.builder();
      for (int r = 0; r < chunk.rows(); r++) {
        Row row = rows.get(chunk.firstRow() + r);
        for (int b : row.members()) {
          Example example = sheets.get(b).example;
          chunkRows.add(r);
          tokens.add(example.tokens()[example.promptTokens() + row.token()]);
        }
      }
      return new Pairs(chunkRows.build().toArray(), tokens.build().toArray());
    }
  }

  private static void read(LogitChunk chunk, List<Row> rows, List<Sheet> sheets) {
    Pairs pairs = Pairs.of(chunk, rows, sheets);
    // With s = logit - row maximum: log p = s - log sum exp s. Its mean and variance under p follow
    // from the first two moments of s.
    Moments moments = chunk.compute().moments(chunk.logits(), pairs.rows(), pairs.tokens());
    for (int pair = 0, r = 0; r < chunk.rows(); r++) {
      double logSum = Math.log(moments.sums()[r]);
      double mean = moments.firsts()[r] / moments.sums()[r];
      double variance = moments.seconds()[r] / moments.sums()[r] - mean * mean;
      double deviation = Math.sqrt(Math.max(variance, LEAST_VARIANCE));
      Row row = rows.get(chunk.firstRow() + r);
      for (int b : row.members()) {
        Sheet sheet = sheets.get(b);
        sheet.losses[row.token()] = logSum - moments.shifted()[pair];
        sheet.hits[row.token()] = moments.largest()[r] == pairs.tokens()[pair];
        sheet.standardised[row.token()] = (moments.shifted()[pair] - mean) / deviation;
        pair++;
      }
    }
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
