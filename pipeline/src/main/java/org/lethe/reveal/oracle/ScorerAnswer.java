package org.lethe.reveal.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;

/** Requests to external scorers and the scores of their answers. */
final class ScorerAnswer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final double[] scores;
  private int open;

  /** An unusable answer. The message quotes none of it. */
  static final class Malformed extends RuntimeException {
    Malformed(String problem) {
      super(problem);
    }

    String problem() {
      return getMessage();
    }
  }

  ScorerAnswer(int count) {
    this.scores = new double[count];
    Arrays.fill(scores, Double.NaN);
    this.open = count;
  }

  static ObjectNode request(int id, TopicCard card, Response response) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("card", card.id())
        .put("prompt", response.prompt().ask())
        .put("text", response.text());
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** {@code {"id":0,"score":0.5}}. */
  void line(String line) {
    JsonNode node = parse(line);
    if (!node.path("id").isInt()) {
      throw new Malformed("gave a line without a whole number in 'id'");
    }
    score(node.path("id").intValue(), node.path("score"));
  }

  /** {@code {"scores":[0.5,...]}}. */
  void list(String body) {
    JsonNode list = parse(body).path("scores");
    if (!list.isArray() || list.size() != scores.length) {
      throw new Malformed("did not give a list 'scores' of " + scores.length + " numbers");
    }
    for (int i = 0; i < scores.length; i++) {
      score(i, list.get(i));
    }
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new Malformed("gave something other than JSON");
    }
  }

  private void score(int id, JsonNode score) {
    if (id < 0 || id >= scores.length) {
      throw new Malformed("scored number " + id + " of " + scores.length + " texts");
    }
    if (!Double.isNaN(scores[id])) {
      throw new Malformed("scored number " + id + " twice");
    }
    if (!score.isNumber() || !(score.doubleValue() >= 0 && score.doubleValue() <= 1)) {
      throw new Malformed("gave no number from 0 to 1 for number " + id);
    }
    scores[id] = score.doubleValue();
    open--;
  }

  boolean complete() {
    return open == 0;
  }

  double[] scores() {
    return scores.clone();
  }
}
