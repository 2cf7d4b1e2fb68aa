package org.lethe.reveal.oracle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lethe.error.RevealErrors;
import org.lethe.reveal.FactScores;
import org.lethe.reveal.Form;
import org.lethe.reveal.Response;
import org.lethe.reveal.Sentences;
import org.lethe.reveal.Span;
import org.lethe.reveal.Substitutes;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.Words;
import org.lethe.reveal.oracle.StatementModel.Statement;
import org.lethe.reveal.relevance.FactSpans;
import org.lethe.reveal.relevance.RelevanceNull;
import org.lethe.reveal.relevance.Renaming;

/**
 * Tests whether the model knows the facts of a response about the subject or would say them about
 * anybody. Compares the log-probability of the facts with that of the same facts about other names,
 * and the ratio with those that facts reach about names that they are not about.
 *
 * <p>Without this calibration a score cannot separate knowledge from invention: a model finds
 * everything that it has just generated likely.
 */
public final class KnowledgeContrast implements RelevanceOracle {
  private final StatementModel model;
  private final Settings settings;

  /**
   * @param names number of names to compare with, at least 2: neighbours, then substitutes
   * @param falseAcceptRate share of responses that say nothing about the subject in particular, of
   *     which at most this share is accepted; above 0, at most 1
   */
  public record Settings(int names, double falseAcceptRate) {
    public Settings {
      if (names < 2) {
        throw new IllegalArgumentException("Invalid number of names: " + names + ", at least 2");
      }
      if (!(falseAcceptRate > 0 && falseAcceptRate <= 1)) {
        throw new IllegalArgumentException(
            "Invalid false-accept rate: " + falseAcceptRate + ", expected in (0, 1]");
      }
    }

    /** 4 names, 1 percent. */
    public static Settings defaults() {
      return new Settings(4, 0.01);
    }
  }

  public KnowledgeContrast(StatementModel model, Settings settings) {
    this.model = model;
    this.settings = settings;
  }

  /** Responses to one card that are judged together. */
  public record CardResponses(TopicCard card, List<Response> responses) {
    public CardResponses {
      responses = List.copyOf(responses);
    }
  }

  /** Relevance against the null ratios of the given responses. */
  @Override
  public double[] relevance(TopicCard card, List<Response> responses) {
    List<FactScores> scores = scores(List.of(new CardResponses(card, responses)));
    RelevanceNull ratios = RelevanceNull.of(scores);
    return scores.stream()
        .mapToDouble(score -> ratios.relevance(score, settings.falseAcceptRate()))
        .toArray();
  }

  /** Places of a response's statements among all statements, for each name. */
  private record Wanted(Response response, List<List<Integer>> byName) {}

  /**
   * Scores responses to several cards in one request to the model. Equal statements are scored
   * once.
   *
   * @return scores of each response, card after card
   */
  public List<FactScores> scores(List<CardResponses> batches) {
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
    for (int name = -1; name < names.size(); name++) {
      List<Integer> ofName = new ArrayList<>();
      for (String sentence : sentences) {
        List<Span> facts = FactSpans.of(sentence, given);
        Statement statement =
            name < 0
                ? new Statement(ask, sentence, facts)
                : about(card, names.get(name), ask, sentence, facts);
        if (!statement.facts().isEmpty()) {
          ofName.add(places.computeIfAbsent(statement, none -> places.size()));
        }
      }
      byName.add(ofName);
    }
    return new Wanted(response, byName);
  }

  private static Statement about(
      TopicCard card, String name, String ask, String sentence, List<Span> facts) {
    Renaming renaming = Renaming.of(sentence, facts, card, name);
    return new Statement(Substitutes.replace(ask, card, name), renaming.text(), renaming.facts());
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
    return new FactScores(sums.get(0), sums.subList(1, sums.size()));
  }
}
