package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.List;
import org.lethe.model.Decoder;
import org.lethe.model.generation.SharedBeginning;
import org.lethe.model.generation.SharedPass;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * Scores completion tokens under teacher forcing and reads common beginnings of prompts once, if
 * that saves enough. Otherwise scores are those of {@link TokenScoring} to the last bit.
 */
public final class SharedScoring {
  /** Least share of the tokens that must be saved; below it whole passes are as fast. */
  private static final double WORTHWHILE = 0.2;

  private SharedScoring() {}

  /** Returns the scores of each example, [B]. */
  public static List<TokenScores> score(Batch batch, Decoder decoder) {
    List<Example> examples = batch.examples();
    List<List<Integer>> alike = TokenScoring.alike(examples);
    List<Example> distinct = alike.stream().map(members -> examples.get(members.get(0))).toList();
    List<SharedBeginning> groups = SharedBeginning.of(distinct);
    if (groups.stream().mapToLong(SharedBeginning::saved).sum() < WORTHWHILE * tokens(distinct)) {
      return TokenScoring.score(batch, decoder::forward);
    }
    TokenScores[] scores = new TokenScores[examples.size()];
    for (SharedBeginning group : groups) {
      List<List<Integer>> members = group.members().stream().map(alike::get).toList();
      if (group.length() == 0) {
        score(examples, members, decoder::forward, scores);
      } else {
        List<Example> sharing = group.members().stream().map(distinct::get).toList();
        score(examples, members, decoder, new Sharing(sharing, group.length()), scores);
      }
    }
    return List.of(scores);
  }

  /** Whether batches of neighbours by their tokens could save enough. */
  static boolean isWorthwhile(List<EvaluationExample> rows) {
    List<Example> examples =
        rows.stream().sorted(EvaluationExample.BY_TOKENS).map(EvaluationExample::example).toList();
    List<Example> distinct =
        TokenScoring.alike(examples).stream().map(members -> examples.get(members.get(0))).toList();
    return SharedBeginning.commonTokens(distinct) >= WORTHWHILE * tokens(distinct);
  }

  private static long tokens(List<Example> examples) {
    return examples.stream().mapToLong(example -> example.tokens().length - 1L).sum();
  }

  /** Examples and the number of their common first tokens. */
  private record Sharing(List<Example> examples, int tokens) {}

  private static void score(
      List<Example> examples,
      List<List<Integer>> members,
      Decoder decoder,
      Sharing sharing,
      TokenScores[] scores) {
    try (SharedPass pass = new SharedPass(decoder, sharing.examples(), sharing.tokens())) {
      for (int first = 0; first < members.size(); first += pass.atOnce()) {
        int end = Math.min(first + pass.atOnce(), members.size());
        score(examples, members.subList(first, end), pass::forward, scores);
      }
    }
  }

  private static void score(
      List<Example> examples,
      List<List<Integer>> members,
      TokenScoring.Forward forward,
      TokenScores[] scores) {
    List<Integer> indices = new ArrayList<>();
    members.forEach(indices::addAll);
    Batch part = Batch.of(indices.stream().map(examples::get).toList());
    List<TokenScores> found = TokenScoring.score(part, forward);
    for (int i = 0; i < found.size(); i++) {
      scores[indices.get(i)] = found.get(i);
    }
  }
}
