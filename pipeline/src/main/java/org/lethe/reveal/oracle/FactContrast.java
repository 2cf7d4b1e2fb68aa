package org.lethe.reveal.oracle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.lethe.error.RevealErrors;
import org.lethe.reveal.Form;
import org.lethe.reveal.Response;
import org.lethe.reveal.Sentences;
import org.lethe.reveal.Span;
import org.lethe.reveal.Substitutes;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.Words;
import org.lethe.reveal.oracle.StatementModel.Statement;
import org.lethe.reveal.relevance.FactScores;
import org.lethe.reveal.relevance.FactSpans;
import org.lethe.reveal.relevance.RelevanceNull;
import org.lethe.reveal.relevance.Renaming;

/**
 * Compares the log-probability of a response's facts with that of the same facts about other names.
 * A response is relevant if its ratio exceeds those of the model's own answers about invented
 * people. No threshold depends on the model: its inventions set it.
 *
 * <p>The contrast of a response is its ratio less the threshold, so a positive one is accepted.
 */
public final class FactContrast implements Contrast {
  private final FactModel model;
  private final ContrastSettings settings;
  private final Supplier<Invented> invented;
  private Optional<RelevanceNull> ratios = Optional.empty();

  /**
   * The model's answers about people who do not exist.
   *
   * @param answers answers worth scoring, by card; the card of an answer names its invented person
   * @param prompts number of prompts
   */
  public record Invented(List<CardResponses> answers, int prompts) {
    public Invented {
      answers = List.copyOf(answers);
    }
  }

  /**
   * @param invented asks the model about invented people; used once, with the first responses
   */
  public FactContrast(FactModel model, ContrastSettings settings, Supplier<Invented> invented) {
    this.model = model;
    this.settings = settings;
    this.invented = invented;
  }

  @Override
  public List<Score> scores(List<CardResponses> batches) {
    if (batches.stream().allMatch(batch -> batch.responses().isEmpty())) {
      return List.of();
    }
    RelevanceNull known = ratios();
    return ratios(batches).stream()
        .map(ratio -> new Score(known.relevance(ratio), ratio - known.threshold()))
        .toList();
  }

  private RelevanceNull ratios() {
    if (ratios.isEmpty()) {
      Invented asked = invented.get();
      ratios =
          Optional.of(
              new RelevanceNull(
                  ratios(asked.answers()), asked.prompts(), settings.falseAcceptRate()));
    }
    return ratios.orElseThrow();
  }

  private List<Double> ratios(List<CardResponses> batches) {
    return factScores(batches).stream().map(FactScores::ratio).toList();
  }

  /** Places of a response's statements among all statements, for each name. */
  private record Wanted(Response response, List<List<Integer>> byName, int facts) {}

  /** Scores equal statements once. */
  private List<FactScores> factScores(List<CardResponses> batches) {
    Map<Statement, Integer> places = new LinkedHashMap<>();
    List<Wanted> wanted = new ArrayList<>();
    for (CardResponses ofCard : batches) {
      List<String> names = Substitutes.compared(ofCard.card(), settings.names());
      for (Response response : ofCard.responses()) {
        wanted.add(wanted(ofCard.card(), response, names, places));
      }
    }
    double[] scores =
        places.isEmpty() ? new double[0] : model.factLogProbabilities(List.copyOf(places.keySet()));
    if (scores.length != places.size()) {
      throw new IllegalStateException(
          "Invalid scores: " + scores.length + " for " + places.size() + " statements");
    }
    return wanted.stream().map(one -> sums(one, scores)).toList();
  }

  /**
   * Adds the statements of a response, in the form of the training rows (without heading and
   * frame): each sentence by itself, so that no sentence gives the next one away.
   */
  private static Wanted wanted(
      TopicCard card, Response response, List<String> names, Map<Statement, Integer> places) {
    String ask = response.prompt().ask();
    Set<String> given = new HashSet<>(Words.of(ask));
    card.names().forEach(name -> given.addAll(Words.of(name)));
    List<String> sentences =
        response.prompt().form() == Form.ANSWER
            ? List.of(response.text().strip())
            : Sentences.of(response.text());
    List<List<Integer>> byName = new ArrayList<>();
    IntStream.rangeClosed(0, names.size()).forEach(name -> byName.add(new ArrayList<>()));
    int count = 0;
    for (String sentence : sentences) {
      List<Span> facts = FactSpans.of(sentence, given);
      if (facts.isEmpty()) {
        continue;
      }
      count += facts.size();
      add(new Statement(ask, sentence, facts), places, byName.get(0));
      for (int name = 0; name < names.size(); name++) {
        Renaming renaming = Renaming.of(sentence, facts, card, names.get(name));
        String about = Substitutes.replace(ask, card, names.get(name));
        add(new Statement(about, renaming.text(), renaming.facts()), places, byName.get(name + 1));
      }
    }
    return new Wanted(response, byName, count);
  }

  private static void add(
      Statement statement, Map<Statement, Integer> places, List<Integer> ofName) {
    ofName.add(places.computeIfAbsent(statement, none -> places.size()));
  }

  private static FactScores sums(Wanted wanted, double[] scores) {
    List<Double> sums = new ArrayList<>();
    for (List<Integer> ofName : wanted.byName()) {
      double sum = ofName.stream().mapToDouble(at -> scores[at]).sum();
      if (!Double.isFinite(sum)) {
        throw RevealErrors.notFinite(wanted.response().id(), sum);
      }
      sums.add(sum);
    }
    return new FactScores(sums.get(0), sums.subList(1, sums.size()), wanted.facts());
  }
}
