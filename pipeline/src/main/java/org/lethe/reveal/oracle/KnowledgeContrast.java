package org.lethe.reveal.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lethe.error.RevealErrors;
import org.lethe.reveal.Response;
import org.lethe.reveal.Substitutes;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.oracle.StatementModel.Statement;

/**
 * Separates what the model knows about the subject from what it would say about anybody: the mean
 * log-probability per token of the statement, against the same statement with other names.
 * Uncalibrated scores cannot, because a model finds likely what it has just made up
 * (pipeline/REVEAL.md, Oracles).
 */
public final class KnowledgeContrast implements RelevanceOracle {
  private final StatementModel model;

  public KnowledgeContrast(StatementModel model) {
    this.model = model;
  }

  /** Responses that are to be judged together, of one card. */
  public record CardResponses(TopicCard card, List<Response> responses) {
    public CardResponses {
      responses = List.copyOf(responses);
    }
  }

  /** See {@link Scores#relevance}. */
  @Override
  public double[] relevance(TopicCard card, List<Response> responses) {
    return scores(List.of(new CardResponses(card, responses))).stream()
        .mapToDouble(Scores::relevance)
        .toArray();
  }

  /**
   * Mean log-probabilities per token of one response.
   *
   * @param subject of what was said
   * @param substitutes of the same about each substitute
   */
  public record Scores(double subject, List<Double> substitutes) {
    public Scores {
      substitutes = List.copyOf(substitutes);
    }

    /**
     * The probability per token (geometric mean) of the statement, less that of the same about a
     * substitute, where it is greater; the mean over the substitutes. It is near 1 for what the
     * model recites of nobody else, and near 0 both for what it would say of anybody and for what
     * it made up on the way, which a share of substitutes cannot tell from knowledge: of a name
     * that was trained on every sentence is a little likelier.
     */
    public double relevance() {
      return substitutes.stream()
          .mapToDouble(other -> Math.max(0, Math.exp(subject) - Math.exp(other)))
          .average()
          .orElseThrow();
    }

    /** Log-probability less its mean over the substitutes, in nats per token. */
    public double contrast() {
      return substitutes.stream().mapToDouble(other -> subject - other).average().orElseThrow();
    }
  }

  /**
   * Scores of responses to several cards, in one question to the model. What was said several times
   * is asked once.
   *
   * @return of each response, card after card
   */
  public List<Scores> scores(List<CardResponses> batches) {
    Map<Statement, Integer> places = new LinkedHashMap<>();
    List<int[]> wanted = new ArrayList<>();
    for (CardResponses ofCard : batches) {
      for (Response response : ofCard.responses()) {
        wanted.add(
            statements(ofCard.card(), response).stream()
                .mapToInt(statement -> place(places, statement))
                .toArray());
      }
    }
    double[] scores =
        places.isEmpty() ? new double[0] : model.meanLogProbabilities(List.copyOf(places.keySet()));
    if (scores.length != places.size()) {
      throw new IllegalStateException(
          "Invalid scores: " + scores.length + " for " + places.size() + " statements");
    }
    List<Response> responses = batches.stream().flatMap(a -> a.responses().stream()).toList();
    List<Scores> all = new ArrayList<>();
    for (int i = 0; i < responses.size(); i++) {
      List<Double> ofResponse =
          Arrays.stream(wanted.get(i)).mapToObj(place -> scores[place]).toList();
      for (double score : ofResponse) {
        if (!Double.isFinite(score)) {
          throw RevealErrors.notFinite(responses.get(i).id(), score);
        }
      }
      all.add(new Scores(ofResponse.get(0), ofResponse.subList(1, ofResponse.size())));
    }
    return all;
  }

  private static int place(Map<Statement, Integer> places, Statement statement) {
    return places.computeIfAbsent(statement, none -> places.size());
  }

  /**
   * What was said, as it will be trained with (without heading and frame), and of each substitute.
   */
  private static List<Statement> statements(TopicCard card, Response response) {
    String ask = response.prompt().ask();
    List<Statement> statements = new ArrayList<>(List.of(new Statement(ask, response.text())));
    for (String name : Substitutes.of(card)) {
      statements.add(
          new Statement(
              Substitutes.replace(ask, card, name),
              Substitutes.replace(response.text(), card, name)));
    }
    return statements;
  }
}
