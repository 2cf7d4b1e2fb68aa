package org.lethe.corpus.find;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.lethe.corpus.input.FieldNames;

/**
 * Settings of a search.
 *
 * @param corpus files, folders or globs to search
 * @param fields names of a record's fields
 * @param subjects subjects whose mentions to find
 * @param given files, folders or globs with rows whose near duplicates to find; may be empty
 * @param nearDuplicate least Jaccard similarity of the five-word sequences of near duplicates
 */
public record FindSettings(
    List<URI> corpus,
    FieldNames fields,
    List<Subject> subjects,
    List<URI> given,
    double nearDuplicate) {
  public FindSettings {
    corpus = List.copyOf(corpus);
    Objects.requireNonNull(fields);
    subjects = List.copyOf(subjects);
    given = List.copyOf(given);
    if (corpus.isEmpty()) {
      throw new IllegalArgumentException("Invalid corpus: empty, expected at least one file");
    }
    if (subjects.isEmpty() && given.isEmpty()) {
      throw new IllegalArgumentException("Invalid search: neither subjects nor rows are given");
    }
    if (!(nearDuplicate > 0 && nearDuplicate <= 1)) {
      throw new IllegalArgumentException(
          "Invalid near duplicate: " + nearDuplicate + ", expected above 0 to 1");
    }
  }
}
