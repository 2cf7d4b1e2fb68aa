package org.lethe.jobs.command;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.lethe.corpus.find.FindSettings;
import org.lethe.corpus.find.Subject;
import org.lethe.corpus.input.FieldNames;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.CorpusBinding;
import org.lethe.jobs.config.Uris;

/**
 * The keys of lethe.find.
 *
 * @param cards files of topic cards
 * @param corpus files to search
 * @param rows files of rows whose near duplicates to find
 * @param fields names of the fields of all rows
 * @param nearDuplicate least similarity of near duplicates
 */
record FindKeys(
    List<URI> cards, List<URI> corpus, List<URI> rows, FieldNames fields, double nearDuplicate) {

  /** Reads the keys; empty if some are invalid. */
  static Optional<FindKeys> read(ConfigurationReader reader) {
    List<URI> cards = uris(reader.texts("lethe.find.cards"));
    List<URI> rows = uris(reader.texts("lethe.find.rows"));
    List<URI> corpus = uris(reader.requiredTexts("lethe.find.corpus", "the files to search"));
    double near = reader.number("lethe.find.near-duplicate", 0.1, 1);
    if (cards.isEmpty() && rows.isEmpty()) {
      reader.problem("lethe.find.cards", "files of topic cards, or rows in lethe.find.rows");
    }
    FieldNames fields = CorpusBinding.fields(reader);
    return Optional.of(new FindKeys(cards, corpus, rows, fields, near));
  }

  private static List<URI> uris(List<String> texts) {
    return texts.stream().map(Uris::of).toList();
  }

  /** Returns the settings of a search for subjects. */
  FindSettings settings(List<Subject> subjects) {
    return new FindSettings(corpus, fields, subjects, rows, nearDuplicate);
  }
}
