package org.lethe.reveal.oracle;

import java.util.ArrayList;
import java.util.List;
import org.lethe.reveal.Response;
import org.lethe.reveal.Sentences;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.Words;

/**
 * Share of a text that mentions the subject. A sentence counts if it contains one of the names or
 * the last word of one. The next two sentences also count, because a pronoun may replace the name,
 * unless they name a neighbour. An answer to a question that names the subject counts if it names
 * no neighbour.
 */
public final class NameLink implements RelevanceOracle {
  private static final int CARRIED = 2;

  @Override
  public double[] relevance(TopicCard card, List<Response> responses) {
    List<List<String>> names = new ArrayList<>();
    for (String name : card.names()) {
      List<String> words = Words.of(name);
      names.add(words);
      if (words.size() > 1) {
        names.add(List.of(words.get(words.size() - 1)));
      }
    }
    List<List<String>> neighbours = card.neighbours().stream().map(Words::of).toList();
    return responses.stream()
        .mapToDouble(response -> relevance(response, names, neighbours))
        .toArray();
  }

  private static double relevance(
      Response response, List<List<String>> names, List<List<String>> neighbours) {
    List<String> sentences = Sentences.of(response.text());
    // A base model continues its prompt, which contains the name.
    int carried = CARRIED;
    int linked = 0;
    for (String sentence : sentences) {
      List<String> words = Words.of(sentence);
      if (any(words, names)) {
        carried = CARRIED;
        linked++;
      } else if (any(words, neighbours)) {
        carried = 0;
      } else if (carried > 0) {
        carried--;
        linked++;
      }
    }
    return sentences.isEmpty() ? 0 : (double) linked / sentences.size();
  }

  private static boolean any(List<String> words, List<List<String>> names) {
    return names.stream().anyMatch(name -> Words.contains(words, name));
  }
}
