package org.lethe.reveal.oracle;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import opennlp.tools.namefind.NameFinderME;
import opennlp.tools.namefind.TokenNameFinderModel;
import opennlp.tools.tokenize.SimpleTokenizer;
import opennlp.tools.util.Span;
import org.lethe.error.RevealErrors;
import org.lethe.reveal.Response;
import org.lethe.reveal.Sentences;
import org.lethe.reveal.TopicCard;

/**
 * Returns 1 if the generated text contains an entity of a type, else 0. OpenNLP finds the entities.
 * No model ships with Lethe: Apache publishes none for names, and the licences of older ones are
 * unclear.
 */
public final class NamedEntityOracle implements RelevanceOracle {
  private static final String OUTCOME_START = "-start";

  private final TokenNameFinderModel model;
  private final String type;

  /**
   * @param model bytes of an OpenNLP name finder model
   * @param type the model's name of the type, such as {@code person}
   * @throws org.lethe.error.LetheException if the bytes are no such model or it lacks the type
   */
  public NamedEntityOracle(byte[] model, String type) {
    try {
      this.model = new TokenNameFinderModel(new ByteArrayInputStream(model));
    } catch (IOException | RuntimeException e) {
      throw RevealErrors.badEntityModel(e.getClass().getSimpleName());
    }
    this.type = type.toLowerCase(Locale.ROOT);
    TreeSet<String> known = new TreeSet<>();
    for (String outcome : this.model.getNameFinderSequenceModel().getOutcomes()) {
      if (outcome.endsWith(OUTCOME_START)) {
        known.add(outcome.substring(0, outcome.length() - OUTCOME_START.length()));
      }
    }
    if (!known.contains(this.type)) {
      throw RevealErrors.unknownEntityType(type, List.copyOf(known));
    }
  }

  @Override
  public double[] relevance(TopicCard card, List<Response> responses) {
    NameFinderME finder = new NameFinderME(model);
    double[] relevance = new double[responses.size()];
    for (int i = 0; i < relevance.length; i++) {
      relevance[i] = names(finder, responses.get(i).generated()) ? 1 : 0;
    }
    return relevance;
  }

  private boolean names(NameFinderME finder, String text) {
    finder.clearAdaptiveData(); // texts must not influence each other
    for (String sentence : Sentences.of(text)) {
      Span[] spans = finder.find(SimpleTokenizer.INSTANCE.tokenize(sentence));
      if (Arrays.stream(spans).anyMatch(span -> type.equals(span.getType()))) {
        return true;
      }
    }
    return false;
  }
}
