package org.lethe.reveal.oracle;

import java.util.List;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;

/** Tests whether the model knows a response about the subject or would say it about anybody. */
public interface Contrast extends RelevanceOracle {
  /** Responses to one card that are judged together. */
  record CardResponses(TopicCard card, List<Response> responses) {
    public CardResponses {
      responses = List.copyOf(responses);
    }
  }

  /**
   * Judgement of one response.
   *
   * @param relevance from 0 to 1
   * @param contrast how much likelier the response is about the subject, in nats
   */
  record Score(double relevance, double contrast) {}

  /**
   * Scores responses to several cards in one request to the model.
   *
   * @return scores of each response, card after card
   */
  List<Score> scores(List<CardResponses> batches);

  @Override
  default double[] relevance(TopicCard card, List<Response> responses) {
    return scores(List.of(new CardResponses(card, responses))).stream()
        .mapToDouble(Score::relevance)
        .toArray();
  }
}
