package org.lethe.evaluation;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.lethe.compute.Compute.Moments;
import org.lethe.model.LogitChunk;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Turns logits into the scores of completion tokens under teacher forcing. */
public final class TokenScoring {
  private static final double LEAST_VARIANCE = 1e-6;

  private TokenScoring() {}

  /** Computes the logits at the positions that predict completion tokens, chunk by chunk. */
  public interface Forward {
    /** Passes the raw logits of all completion positions to the reader, in batch order. */
    void run(Batch batch, Consumer<LogitChunk> reader);
  }

  /** Returns the scores of each example, [B]. */
  public static List<TokenScores> score(Batch batch, Forward forward) {
    List<Sheet> sheets = batch.examples().stream().map(Sheet::new).toList();
    List<List<Integer>> alike = alike(batch.examples());
    List<Row> rows = new ArrayList<>();
    for (List<Integer> members : alike) {
      int tokens = batch.examples().get(members.get(0)).completionTokens();
      IntStream.range(0, tokens).forEach(token -> rows.add(new Row(members, token)));
    }
    Batch first =
        Batch.of(alike.stream().map(members -> batch.examples().get(members.get(0))).toList());
    forward.run(first, chunk -> read(chunk, rows, sheets));
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
}
