package org.lethe.benchmarks.tasks;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** F1 over the tags of all sentences: 2 TP / (2 TP + FP + FN), with tags compared as texts. */
final class TagScores {
  private int right;
  private int wrong;
  private int missed;

  /** Splits an answer such as {@code PER: Anna Hill; PER: Ben Cook}. */
  static Set<String> tags(String answer) {
    return Arrays.stream(answer.split(";"))
        .map(String::strip)
        .filter(tag -> !tag.isEmpty())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  void add(String expected, String answer) {
    Set<String> wanted = tags(expected);
    Set<String> found = tags(answer);
    int both = (int) found.stream().filter(wanted::contains).count();
    right += both;
    wrong += found.size() - both;
    missed += wanted.size() - both;
  }

  /** Returns F1, or 1 if there is no tag at all. */
  double f1() {
    int all = 2 * right + wrong + missed;
    return all == 0 ? 1 : 2.0 * right / all;
  }
}
