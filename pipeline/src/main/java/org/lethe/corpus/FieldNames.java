package org.lethe.corpus;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the fields of an input record are called.
 *
 * @param id optional in the records: a row without one is named after its digest
 * @param prompt a string
 * @param completion a string that is not empty
 * @param task a category, optional in the records
 */
public record FieldNames(String id, String prompt, String completion, String task)
    implements Serializable {
  public FieldNames {
    List<String> names = List.of(id, prompt, completion, task);
    if (names.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("Invalid field names: " + names + ", one is blank");
    }
    if (Set.copyOf(new LinkedHashSet<>(names)).size() < names.size()) {
      throw new IllegalArgumentException("Invalid field names: " + names + ", one stands twice");
    }
  }

  /** The names that LUME and SemEval-2025 Task 4 use. */
  public static FieldNames lume() {
    return new FieldNames("id", "input", "output", "task");
  }
}
