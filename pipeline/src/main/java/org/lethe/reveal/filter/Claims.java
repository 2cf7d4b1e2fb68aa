package org.lethe.reveal.filter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.Form;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.Words;
import org.lethe.reveal.filter.FilterSettings.Agreement;
import org.lethe.reveal.relevance.FactSpans;

/** Compares what answers claim. */
final class Claims {
  private static final double AGREEMENT = 0.6;

  private final Set<String> names = new HashSet<>();
  private final List<Candidate> candidates;
  private final List<Claim> claims = new ArrayList<>();

  /**
   * @param candidates candidates of the card; those that are no answers claim nothing
   */
  Claims(TopicCard card, List<Candidate> candidates) {
    card.names().forEach(name -> names.addAll(Words.of(name)));
    this.candidates = List.copyOf(candidates);
    candidates.forEach(candidate -> claims.add(claim(candidate.response())));
  }

  private Claim claim(Response response) {
    Set<String> given = new HashSet<>(names);
    given.addAll(Words.of(response.prompt().ask()));
    String text = response.text();
    Set<String> facts = new HashSet<>();
    FactSpans.of(text, given)
        .forEach(span -> facts.addAll(Words.of(text.substring(span.from(), span.to()))));
    List<String> words = Words.of(text);
    return new Claim(words, facts.isEmpty() ? Set.copyOf(words) : facts);
  }

  /** All words of an answer, and those that carry its facts. */
  private record Claim(List<String> words, Set<String> facts) {
    boolean agrees(Claim other, Agreement agreement) {
      return switch (agreement) {
        // One answer contains the other, or they share most of their words.
        case WORDS ->
            words.equals(other.words)
                || Words.contains(words, other.words)
                || Words.contains(other.words, words)
                || shareMost(Set.copyOf(words), Set.copyOf(other.words));
        // The prose around the facts does not count.
        case FACTS ->
            facts.containsAll(other.facts)
                || other.facts.containsAll(facts)
                || shareMost(facts, other.facts);
      };
    }

    private static boolean shareMost(Set<String> a, Set<String> b) {
      Set<String> common = new HashSet<>(a);
      common.retainAll(b);
      Set<String> all = new HashSet<>(a);
      all.addAll(b);
      return common.size() >= AGREEMENT * all.size();
    }
  }

  /**
   * Returns the indices of answers with too little agreement, both among answers to the same
   * question and among answers about the same attribute. Otherwise a question that the model cannot
   * answer would outvote one that it can.
   */
  Set<Integer> disagreeing(FilterSettings settings) {
    Map<String, List<Integer>> byQuestion = new TreeMap<>();
    Map<String, List<Integer>> byAttribute = new TreeMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      Prompt prompt = candidates.get(i).response().prompt();
      if (prompt.form() == Form.ANSWER) {
        String question = "ask " + Words.normal(prompt.ask());
        byQuestion.computeIfAbsent(question, key -> new ArrayList<>()).add(i);
        byAttribute
            .computeIfAbsent(
                prompt.attribute().map(a -> "attribute " + a).orElse(question),
                key -> new ArrayList<>())
            .add(i);
      }
    }
    Set<Integer> indices = new HashSet<>();
    byAttribute.values().forEach(group -> indices.addAll(disagreeing(group, settings)));
    for (List<Integer> group : byQuestion.values()) {
      if (group.size() >= settings.agreementSamples()) {
        Set<Integer> alone = disagreeing(group, settings);
        indices.removeIf(i -> group.contains(i) && !alone.contains(i));
      }
    }
    return indices;
  }

  private Set<Integer> disagreeing(List<Integer> group, FilterSettings settings) {
    if (group.size() < settings.agreementSamples()) {
      return Set.of();
    }
    Map<Claim, Integer> counts = new HashMap<>();
    group.forEach(i -> counts.merge(claims.get(i), 1, Integer::sum));
    Set<Integer> indices = new HashSet<>();
    for (int i : group) {
      int support =
          counts.entrySet().stream()
              .filter(entry -> claims.get(i).agrees(entry.getKey(), settings.agreement()))
              .mapToInt(Map.Entry::getValue)
              .sum();
      if (support < settings.agreementShare() * group.size()) {
        indices.add(i);
      }
    }
    return indices;
  }

  /**
   * Counts the claims about each attribute. Those that agree in their facts are one.
   *
   * @param kept candidates that are left, in their order among all
   */
  List<ClaimCounts> counts(List<Candidate> kept) {
    Map<String, Integer> answers = new TreeMap<>();
    Map<String, Integer> keptAnswers = new HashMap<>();
    Map<String, List<Claim>> different = new HashMap<>();
    int next = 0;
    for (int i = 0; i < candidates.size(); i++) {
      boolean isKept = next < kept.size() && kept.get(next).equals(candidates.get(i));
      next += isKept ? 1 : 0;
      Prompt prompt = candidates.get(i).response().prompt();
      if (prompt.form() != Form.ANSWER) {
        continue;
      }
      String attribute = prompt.attribute().orElse("");
      answers.merge(attribute, 1, Integer::sum);
      if (isKept) {
        keptAnswers.merge(attribute, 1, Integer::sum);
        List<Claim> known = different.computeIfAbsent(attribute, key -> new ArrayList<>());
        Claim claim = claims.get(i);
        if (known.stream().noneMatch(other -> claim.agrees(other, Agreement.FACTS))) {
          known.add(claim);
        }
      }
    }
    return answers.entrySet().stream()
        .map(
            e ->
                new ClaimCounts(
                    e.getKey(),
                    e.getValue(),
                    keptAnswers.getOrDefault(e.getKey(), 0),
                    different.getOrDefault(e.getKey(), List.of()).size()))
        .toList();
  }
}
