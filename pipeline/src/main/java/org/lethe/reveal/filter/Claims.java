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
import org.lethe.reveal.relevance.FactSpans;

/**
 * Compares what answers claim. Two answers agree if one has all words of the other that carry a
 * fact, or if they share most of these words. The prose around the facts does not count.
 */
final class Claims {
  private static final double AGREEMENT = 0.6;

  private final Set<String> names = new HashSet<>();
  private final List<Candidate> candidates;
  private final List<Set<String>> facts = new ArrayList<>();

  /**
   * @param candidates candidates of the card; those that are no answers claim nothing
   */
  Claims(TopicCard card, List<Candidate> candidates) {
    card.names().forEach(name -> names.addAll(Words.of(name)));
    this.candidates = List.copyOf(candidates);
    candidates.forEach(candidate -> facts.add(facts(candidate.response())));
  }

  private Set<String> facts(Response response) {
    Set<String> given = new HashSet<>(names);
    given.addAll(Words.of(response.prompt().ask()));
    String text = response.text();
    Set<String> words = new HashSet<>();
    FactSpans.of(text, given)
        .forEach(span -> words.addAll(Words.of(text.substring(span.from(), span.to()))));
    return words.isEmpty() ? Set.copyOf(Words.of(text)) : words;
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
    Map<Set<String>, Integer> counts = new HashMap<>();
    group.forEach(i -> counts.merge(facts.get(i), 1, Integer::sum));
    Set<Integer> indices = new HashSet<>();
    for (int i : group) {
      int support =
          counts.entrySet().stream()
              .filter(entry -> agree(facts.get(i), entry.getKey()))
              .mapToInt(Map.Entry::getValue)
              .sum();
      if (support < settings.agreementShare() * group.size()) {
        indices.add(i);
      }
    }
    return indices;
  }

  private static boolean agree(Set<String> a, Set<String> b) {
    if (a.containsAll(b) || b.containsAll(a)) {
      return true;
    }
    Set<String> common = new HashSet<>(a);
    common.retainAll(b);
    Set<String> all = new HashSet<>(a);
    all.addAll(b);
    return common.size() >= AGREEMENT * all.size();
  }

  /**
   * Counts the claims about each attribute.
   *
   * @param kept candidates that are left, in their order among all
   */
  List<ClaimCounts> counts(List<Candidate> kept) {
    Map<String, Integer> answers = new TreeMap<>();
    Map<String, Integer> keptAnswers = new HashMap<>();
    Map<String, List<Set<String>>> claims = new HashMap<>();
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
        List<Set<String>> known = claims.computeIfAbsent(attribute, key -> new ArrayList<>());
        Set<String> claim = facts.get(i);
        if (known.stream().noneMatch(other -> agree(claim, other))) {
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
                    claims.getOrDefault(e.getKey(), List.of()).size()))
        .toList();
  }
}
