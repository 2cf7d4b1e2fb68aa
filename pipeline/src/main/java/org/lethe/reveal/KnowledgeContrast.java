package org.lethe.reveal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lethe.error.RevealErrors;
import org.lethe.reveal.StatementModel.Statement;

/**
 * Whether the model knows what it said of the subject, or would say it of anybody: the mean
 * log-probability per token of the statement, against the same statement with other names in place
 * of the subject's. Scores that are not calibrated so cannot tell what a model knows from what it
 * just made up, which it always finds likely (reveal.md, section 5.2).
 */
public final class KnowledgeContrast implements RelevanceOracle {
  /** Of people who do not exist, each of two words, for cards without substitutes. */
  static final List<String> INVENTED =
      List.of(
          "Corin Haskel",
          "Mirela Stannard",
          "Tobin Averill",
          "Lenka Ruskin",
          "Jorun Pellman",
          "Sabra Whitlock",
          "Edric Molloy",
          "Dalia Fenwick");

  private final StatementModel model;

  public KnowledgeContrast(StatementModel model) {
    this.model = model;
  }

  /**
   * The probability per token (geometric mean) of the statement, less that of the same about a
   * substitute, where it is greater; the mean over the substitutes. It is near 1 for what the model
   * recites of nobody else, and near 0 both for what it would say of anybody and for what it made
   * up on the way, which a share of substitutes cannot tell from knowledge: of a name that was
   * trained on every sentence is a little likelier.
   */
  @Override
  public double[] relevance(TopicCard card, List<Response> responses) {
    Scores scores = scores(card, responses);
    double[] relevance = new double[responses.size()];
    for (int i = 0; i < relevance.length; i++) {
      for (double other : scores.substitutes()[i]) {
        double gain = Math.exp(scores.subject()[i]) - Math.exp(other);
        relevance[i] += Math.max(0, gain) / scores.substitutes()[i].length;
      }
    }
    return relevance;
  }

  /**
   * Log-probability less its mean over the substitutes, in nats per token, of each response.
   *
   * @return [responses]
   */
  public double[] contrast(TopicCard card, List<Response> responses) {
    Scores scores = scores(card, responses);
    double[] contrast = new double[responses.size()];
    for (int i = 0; i < contrast.length; i++) {
      for (double other : scores.substitutes()[i]) {
        contrast[i] += (scores.subject()[i] - other) / scores.substitutes()[i].length;
      }
    }
    return contrast;
  }

  /**
   * Mean log-probabilities per token.
   *
   * @param subject of each response, [responses]
   * @param substitutes of the same about each substitute, [responses, substitutes]
   */
  private record Scores(double[] subject, double[][] substitutes) {}

  private Scores scores(TopicCard card, List<Response> responses) {
    List<String> names = card.substitutes().isEmpty() ? INVENTED : card.substitutes();
    List<Statement> statements = new ArrayList<>();
    for (Response response : responses) {
      Prompt prompt = response.prompt();
      // What the text will be trained with: without heading and frame.
      statements.add(new Statement(prompt.ask(), response.text()));
      for (String name : names) {
        statements.add(
            new Statement(
                replaced(prompt.ask(), card, name), replaced(response.text(), card, name)));
      }
    }
    double[] scores = model.meanLogProbabilities(statements);
    if (scores.length != statements.size()) {
      throw new IllegalStateException(
          "Invalid scores: " + scores.length + " for " + statements.size() + " statements");
    }
    double[] subject = new double[responses.size()];
    double[][] substitutes = new double[responses.size()][];
    for (int i = 0; i < subject.length; i++) {
      int first = i * (names.size() + 1);
      subject[i] = scores[first];
      substitutes[i] = Arrays.copyOfRange(scores, first + 1, first + 1 + names.size());
      for (int j = first; j <= first + names.size(); j++) {
        if (!Double.isFinite(scores[j])) {
          throw RevealErrors.notFinite(responses.get(i).id(), scores[j]);
        }
      }
    }
    return new Scores(subject, substitutes);
  }

  /**
   * The text with the substitute's name for each of the subject's, and its last word for the last
   * word of a name that stands alone.
   */
  static String replaced(String text, TopicCard card, String substitute) {
    String last = lastWord(substitute);
    Set<String> whole =
        card.names().stream().map(KnowledgeContrast::folded).collect(Collectors.toSet());
    String alternatives =
        Stream.concat(card.names().stream(), card.names().stream().map(KnowledgeContrast::lastWord))
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return Pattern.compile(
            "(?<![\\p{L}\\p{N}])(?:" + alternatives + ")(?![\\p{L}\\p{N}])",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    whole.contains(folded(match.group())) ? substitute : last));
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String lastWord(String name) {
    return name.substring(name.lastIndexOf(' ') + 1);
  }
}
