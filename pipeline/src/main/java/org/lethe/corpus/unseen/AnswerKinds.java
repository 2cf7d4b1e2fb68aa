package org.lethe.corpus.unseen;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.corpus.ShardReader;
import org.lethe.reveal.SeededRandom;

/**
 * Answers of a corpus by their kind: the same words around the places of facts, such as the
 * addresses of several people. Another person's answer of a kind has the same words, and facts that
 * other answers have at these places. The facts are personal data and stay in memory.
 */
public final class AnswerKinds implements Serializable {
  private static final long serialVersionUID = 1;

  /** Fewer rows do not show which words belong to a kind. */
  private static final int LEAST_ROWS = 5;

  /** Single digits are too few to make others of. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]{2,18}");

  /** No answers are known. */
  public static final AnswerKinds NONE = new AnswerKinds(List.of());

  private final TreeMap<String, Kind> kinds = new TreeMap<>();

  private static final class Kind implements Serializable {
    private static final long serialVersionUID = 1;

    private final ArrayList<TreeSet<String>> places = new ArrayList<>();
    private int rows;

    void add(List<String> facts) {
      rows++;
      for (int place = 0; place < facts.size(); place++) {
        if (places.size() == place) {
          places.add(new TreeSet<>());
        }
        places.get(place).add(facts.get(place));
      }
    }
  }

  /** The kinds of some answers. */
  AnswerKinds(List<Substitution.Facts> answers) {
    for (Substitution.Facts answer : answers) {
      kinds.computeIfAbsent(answer.kind(), kind -> new Kind()).add(answer.facts());
    }
  }

  /**
   * Reads the kinds of a sample of rows: of each file, as many rows as its first row group has.
   *
   * @param files shard files, Hadoop URIs. Their rows are in random order
   * @param seed seed of the sample
   */
  public static AnswerKinds of(JavaSparkContext spark, List<String> files, long seed) {
    if (files.isEmpty()) {
      return NONE;
    }
    return new AnswerKinds(
        AnswerSample.of(
            spark,
            files,
            seed,
            (file, hadoop, rows) -> ShardReader.first(file, hadoop).forEach(rows),
            row -> Substitution.facts(row.prompt(), row.completion())));
  }

  /**
   * Returns a fact of another answer of a kind at a place. A fact that all answers share belongs to
   * the kind and is returned itself. A number gets digits that others have at the same positions: a
   * whole number of one of them would be recited. Empty if too few answers of the kind are known.
   *
   * @param place index of the fact in its answer
   * @param seed seed of the choice, which depends on the fact and on those to choose from
   */
  Optional<String> other(String kind, int place, String fact, long seed) {
    Kind known = kinds.get(kind);
    if (known == null || known.rows < LEAST_ROWS || place >= known.places.size()) {
      return Optional.empty();
    }
    SortedSet<String> facts = known.places.get(place);
    if (facts.size() == 1 && facts.contains(fact)) {
      return Optional.of(fact);
    }
    return number(facts, fact, seed).or(() -> nearest(facts, fact, seed));
  }

  /** The other fact with the smallest hash, so that equal facts are replaced alike in all kinds. */
  private static Optional<String> nearest(SortedSet<String> facts, String fact, long seed) {
    return facts.stream()
        .filter(other -> !other.equals(fact))
        .min(
            Comparator.<String>comparingLong(other -> SeededRandom.mix(seed, fact + "\n" + other))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** A new number of digits of the known ones; empty if it would be larger than all of these. */
  private static Optional<String> number(SortedSet<String> facts, String fact, long seed) {
    if (!NUMBER.matcher(fact).matches()) {
      return Optional.empty();
    }
    TreeSet<String> alike =
        facts.stream()
            .filter(other -> other.length() == fact.length() && NUMBER.matcher(other).matches())
            .collect(Collectors.toCollection(TreeSet::new));
    StringBuilder number = new StringBuilder();
    for (int i = 0; i < fact.length(); i++) {
      int position = i;
      TreeSet<String> digits = new TreeSet<>();
      alike.forEach(other -> digits.add(other.substring(position, position + 1)));
      String own = fact.substring(i, i + 1);
      number.append(nearest(digits, own, SeededRandom.mix(seed, fact + " " + i)).orElse(own));
    }
    String made = number.toString();
    return alike.isEmpty() || made.equals(fact) || made.compareTo(alike.last()) > 0
        ? Optional.empty()
        : Optional.of(made);
  }
}
