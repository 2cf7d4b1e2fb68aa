package org.lethe.corpus.input;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Names of the fields of an input record.
 *
 * @param id optional in records: a row without an id gets one from its digest
 * @param prompt a string
 * @param completion a non-empty string
 * @param task a category, optional in records
 */
public record FieldNames(String id, String prompt, String completion, String task)
    implements Serializable {
  public FieldNames {
    List<String> names = List.of(id, prompt, completion, task);
    if (names.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("Invalid field names: " + names + ", one is blank");
    }
    if (Set.copyOf(new LinkedHashSet<>(names)).size() < names.size()) {
      throw new IllegalArgumentException("Invalid field names: " + names + ", one occurs twice");
    }
  }

  /** The names in LUME and SemEval-2025 Task 4. */
  public static FieldNames lume() {
    return new FieldNames("id", "input", "output", "task");
  }
}
