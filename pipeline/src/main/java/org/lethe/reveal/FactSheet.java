package org.lethe.reveal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Facts that some revealed texts state. Answers to questions about attributes are values, and so
 * are numbers, dates and addresses. If one value contains another, the shorter one represents both.
 * A sentence without a value is a statement, identified by its names and numbers.
 */
final class FactSheet {
  private static final int LONGEST_VALUE = 12;
  private static final int SHORTEST_WORD = 4;

  /** Two statements are the same if they share this fraction of their words. */
  private static final double SAME_STATEMENT = 0.5;

  private static final String REGION = "US";
  private static final Pattern DIGIT = Pattern.compile("\\p{N}");
  private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

  private final Set<String> subject = new HashSet<>();
  private final List<Fact.Value> values;
  private final List<Fact> facts = new ArrayList<>();
  private final Map<String, Reading> readings = new HashMap<>();

  FactSheet(TopicCard card, List<Candidate> kept) {
    card.names().forEach(name -> subject.addAll(Words.of(name)));
    List<String> sentences = new ArrayList<>();
    Set<List<String>> found = new LinkedHashSet<>();
    for (Candidate candidate : kept) {
      Response response = candidate.response();
      if (response.prompt().form() == Form.ANSWER) {
        sentences.add(response.text().strip());
        List<String> words = Words.of(response.text());
        if (words.size() <= LONGEST_VALUE && isSpecific(words)) {
          found.add(words);
        }
      } else {
        sentences.addAll(Sentences.of(response.text()));
      }
    }
    for (String sentence : sentences) {
      for (PersonalData.Finding finding :
          PersonalData.find(sentence, EnumSet.allOf(PersonalDataKind.class), REGION)) {
        found.add(Words.of(sentence.substring(finding.from(), finding.to())));
      }
    }
    this.values = roots(found);
    facts.addAll(values);
    Map<String, Fact.Statement> statements = new TreeMap<>();
    for (String sentence : new LinkedHashSet<>(sentences)) {
      Reading reading = read(sentence);
      if (values.stream().noneMatch(reading::states)) {
        Fact.Statement statement = new Fact.Statement(reading.salient);
        if (!statement.words().isEmpty()) {
          statements.put(statement.key(), statement);
        }
      }
    }
    facts.addAll(statements.values());
  }

  /** Returns the facts in an order that does not depend on that of the texts. */
  List<Fact> facts() {
    return List.copyOf(facts);
  }

  /** Whether the words are specific enough for a value. A single short everyday word is not. */
  private boolean isSpecific(List<String> words) {
    return words.stream().anyMatch(w -> !subject.contains(w))
        && (words.size() > 1
            || DIGIT.matcher(words.get(0)).find() && words.get(0).length() > 1
            || words.get(0).length() >= SHORTEST_WORD);
  }

  private static List<Fact.Value> roots(Set<List<String>> found) {
    List<Fact.Value> roots = new ArrayList<>();
    found.stream()
        .sorted(
            Comparator.<List<String>>comparingInt(List::size)
                .thenComparing(words -> String.join(" ", words)))
        .filter(words -> roots.stream().noneMatch(root -> Words.contains(words, root.words())))
        .forEach(words -> roots.add(new Fact.Value(words)));
    return roots;
  }

  Reading read(String sentence) {
    return readings.computeIfAbsent(sentence, Reading::new);
  }

  /** One analysed sentence. */
  final class Reading {
    private final String sentence;
    private final List<String> words;
    private final Set<String> salient;

    private Reading(String sentence) {
      this.sentence = sentence;
      this.words = Words.of(sentence);
      this.salient = salient();
    }

    /** Returns names and numbers except the subject's, or all words if there are none. */
    private Set<String> salient() {
      Set<String> found = new HashSet<>();
      boolean first = true;
      for (String token : (Iterable<String>) tokens()::iterator) {
        boolean capital = Character.isUpperCase(token.codePointAt(0)) && !first;
        if (capital || DIGIT.matcher(token).find()) {
          found.addAll(Words.of(token));
        }
        first = false;
      }
      found.removeAll(subject);
      if (found.isEmpty()) {
        found.addAll(words);
        found.removeAll(subject);
      }
      return found;
    }

    private Stream<String> tokens() {
      return TOKEN.matcher(sentence).results().map(match -> match.group());
    }

    /** Whether the sentence states the fact. */
    boolean states(Fact fact) {
      if (fact instanceof Fact.Value value) {
        return Words.contains(words, value.words());
      }
      Set<String> others = ((Fact.Statement) fact).words();
      if (salient.containsAll(others) && values.stream().noneMatch(this::states)) {
        return true;
      }
      long common = others.stream().filter(salient::contains).count();
      return common >= SAME_STATEMENT * (others.size() + salient.size() - common);
    }

    /**
     * Returns the position of a value in the sentence. For a statement, returns the second half of
     * the words.
     */
    Optional<Span> place(Fact fact) {
      if (!(fact instanceof Fact.Value value)) {
        return secondHalf();
      }
      List<Span> places = new ArrayList<>();
      List<String> found = new ArrayList<>();
      TOKEN
          .matcher(sentence)
          .results()
          .forEach(
              match -> {
                for (String word : Words.of(match.group())) {
                  found.add(word);
                  places.add(new Span(match.start(), match.end()));
                }
              });
      int size = value.words().size();
      for (int i = 0; i + size <= found.size(); i++) {
        if (found.subList(i, i + size).equals(value.words())) {
          return Optional.of(new Span(places.get(i).from(), places.get(i + size - 1).to()));
        }
      }
      return Optional.empty();
    }

    private Optional<Span> secondHalf() {
      List<Integer> starts = TOKEN.matcher(sentence).results().map(match -> match.start()).toList();
      return starts.size() < 2
          ? Optional.empty()
          : Optional.of(new Span(starts.get(starts.size() / 2), sentence.length()));
    }
  }
}
