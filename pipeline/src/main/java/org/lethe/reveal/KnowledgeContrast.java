package org.lethe.reveal;

import java.util.ArrayList;
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

  /** The share of the substitutes of whom the statement is less likely. */
  @Override
  public double[] relevance(TopicCard card, List<Response> responses) {
    double[][] differences = differences(card, responses);
    double[] relevance = new double[responses.size()];
    for (int i = 0; i < relevance.length; i++) {
      int above = 0;
      for (double difference : differences[i]) {
        above += difference > 0 ? 1 : 0;
      }
      relevance[i] = (double) above / differences[i].length;
    }
    return relevance;
  }

  /**
   * Log-probability less its mean over the substitutes, in nats per token, of each response.
   *
   * @return [responses]
   */
  public double[] contrast(TopicCard card, List<Response> responses) {
    double[][] differences = differences(card, responses);
    double[] contrast = new double[responses.size()];
    for (int i = 0; i < contrast.length; i++) {
      for (double difference : differences[i]) {
        contrast[i] += difference / differences[i].length;
      }
    }
    return contrast;
  }

  /**
   * For each response and substitute how much likelier the subject is, [responses, substitutes].
   */
  private double[][] differences(TopicCard card, List<Response> responses) {
    List<String> substitutes = card.substitutes().isEmpty() ? INVENTED : card.substitutes();
    List<Statement> statements = new ArrayList<>();
    for (Response response : responses) {
      Prompt prompt = response.prompt();
      // What the text will be trained with: without heading and frame.
      statements.add(new Statement(prompt.ask(), response.text()));
      for (String substitute : substitutes) {
        statements.add(
            new Statement(
                replaced(prompt.ask(), card, substitute),
                replaced(response.text(), card, substitute)));
      }
    }
    double[] scores = model.meanLogProbabilities(statements);
    if (scores.length != statements.size()) {
      throw new IllegalStateException(
          "Invalid scores: " + scores.length + " for " + statements.size() + " statements");
    }
    double[][] differences = new double[responses.size()][substitutes.size()];
    for (int i = 0; i < differences.length; i++) {
      int first = i * (substitutes.size() + 1);
      for (int j = 0; j < substitutes.size(); j++) {
        differences[i][j] = scores[first] - scores[first + 1 + j];
        if (!Double.isFinite(differences[i][j])) {
          throw RevealErrors.notFinite(responses.get(i).id(), differences[i][j]);
        }
      }
    }
    return differences;
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
