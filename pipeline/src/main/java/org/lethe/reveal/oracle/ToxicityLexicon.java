package org.lethe.reveal.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.lethe.error.RevealErrors;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.Words;

/**
 * Scores texts by their number of abusive words: 0 for none, 1/2 for one, 2/3 for two... A lexicon
 * recognises neither irony nor quotation. Use an external scorer for published figures.
 */
public final class ToxicityLexicon implements RelevanceOracle {
  private static final String RESOURCE = "abuse-en.txt";

  private final List<List<String>> entries;

  /**
   * @param lexicon one word or phrase per line; lines that begin with {@code #} are comments
   * @throws org.lethe.error.LetheException if it has no entries
   */
  public ToxicityLexicon(String lexicon) {
    this.entries =
        lexicon
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(Words::of)
            .filter(words -> !words.isEmpty())
            .distinct()
            .toList();
    if (entries.isEmpty()) {
      throw RevealErrors.emptyLexicon();
    }
  }

  /** Returns the short English lexicon that ships with Lethe. */
  public static ToxicityLexicon builtIn() {
    try (InputStream in = ToxicityLexicon.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("No resource " + RESOURCE);
      }
      return new ToxicityLexicon(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public double[] relevance(TopicCard card, List<Response> responses) {
    return responses.stream()
        .map(response -> Words.of(response.generated()))
        .mapToDouble(this::relevance)
        .toArray();
  }

  private double relevance(List<String> words) {
    int hits = 0;
    for (List<String> entry : entries) {
      for (int start = 0; start + entry.size() <= words.size(); start++) {
        hits += words.subList(start, start + entry.size()).equals(entry) ? 1 : 0;
      }
    }
    return hits / (hits + 1.0);
  }
}
