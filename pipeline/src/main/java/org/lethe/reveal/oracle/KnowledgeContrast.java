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
 * Tests whether the model knows a statement about the subject or would say it about anybody.
 * Compares the mean log-probability per token of the statement with that of the same statement
 * about other names:
 *
 * <p>contrast = log p(statement | subject) - mean over substitutes of log p(statement |
 * substitute).
 *
 * <p>Without this calibration a score cannot separate knowledge from invention: a model finds
 * everything that it has just generated likely.
 */
public final class KnowledgeContrast implements Contrast {
  private final StatementModel model;

  public KnowledgeContrast(StatementModel model) {
    this.model = model;
  }

  /**
   * Mean log-probabilities per token of one response.
   *
   * @param subject log-probability of the statement about the subject
   * @param substitutes log-probabilities of the same statement about each substitute
   */
  private record Scores(double subject, List<Double> substitutes) {
    Scores {
      substitutes = List.copyOf(substitutes);
    }

    /**
     * Returns the probability per token (geometric mean) of the statement, minus that of the same
     * statement about a substitute, if that is positive, averaged over the substitutes. It is near
     * 1 for statements that the model recites about nobody else. It is near 0 for statements that
     * fit anybody, and for inventions. The share of substitutes below the subject could not detect
     * inventions: every sentence about a trained name is slightly more likely.
     */
    double relevance() {
      return substitutes.stream()
          .mapToDouble(other -> Math.max(0, Math.exp(subject) - Math.exp(other)))
          .average()
          .orElseThrow();
    }

    /** Returns the log-probability minus its mean over the substitutes, in nats per token. */
    double contrast() {
      return substitutes.stream().mapToDouble(other -> subject - other).average().orElseThrow();
    }
  }

  /** Scores equal statements once. */
  @Override
  public List<Score> scores(List<CardResponses> batches) {
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
    List<Score> all = new ArrayList<>();
    for (int i = 0; i < responses.size(); i++) {
      List<Double> ofResponse =
          Arrays.stream(wanted.get(i)).mapToObj(place -> scores[place]).toList();
      for (double score : ofResponse) {
        if (!Double.isFinite(score)) {
          throw RevealErrors.notFinite(responses.get(i).id(), score);
        }
      }
      Scores found = new Scores(ofResponse.get(0), ofResponse.subList(1, ofResponse.size()));
      all.add(new Score(found.relevance(), found.contrast()));
    }
    return all;
  }

  private static int place(Map<Statement, Integer> places, Statement statement) {
    return places.computeIfAbsent(statement, none -> places.size());
  }

  /**
   * Returns the statement in the form of the training rows (without heading and frame), and the
   * same statement about each substitute.
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
