package org.lethe.jobs.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What all stages of a run on topic cards know of its data.
 *
 * @param cards files of topic cards
 * @param userRetain the user's own retain corpora
 * @param truth known true corpora, for evaluation only
 * @param compared runs whose search the report shows beside this one's
 */
public record RevealedData(List<URI> cards, List<URI> userRetain, Truth truth, List<URI> compared) {
  private static final String CARDS = "lethe.reveal.cards";

  /**
   * Corpora that no training sees.
   *
   * @param forget what the model was trained on about the topics
   * @param retain what else it was trained on
   */
  public record Truth(List<URI> forget, List<URI> retain) {
    public boolean isKnown() {
      return !forget.isEmpty() || !retain.isEmpty();
    }
  }

  /** Whether a run begins with topic cards instead of a forget corpus. */
  static boolean isConfigured(ConfigurationReader reader) {
    return !reader.texts(CARDS).isEmpty();
  }

  /** Empty if the run has a forget corpus. */
  static Optional<RevealedData> read(ConfigurationReader reader) {
    if (!isConfigured(reader)) {
      return Optional.empty();
    }
    if (!reader.texts("lethe.corpus.forget").isEmpty()) {
      reader.problem("lethe.corpus.forget", "none where lethe.reveal.cards are given");
    }
    if (!reader.names("lethe.corpus.where").isEmpty()) {
      reader.problem("lethe.corpus.where", "empty where lethe.reveal.cards are given");
    }
    return Optional.of(
        new RevealedData(
            uris(reader, CARDS),
            uris(reader, "lethe.corpus.retain"),
            new Truth(
                uris(reader, "lethe.reveal.truth.forget"),
                uris(reader, "lethe.reveal.truth.retain")),
            uris(reader, "lethe.reveal.compare")));
  }

  private static List<URI> uris(ConfigurationReader reader, String key) {
    return reader.texts(key).stream().map(Uris::of).toList();
  }
}
