package org.lethe.error;

import java.util.Collection;
import java.util.Optional;

/** Suggests a known name for one that is not known. */
public final class NameSuggestion {
  private NameSuggestion() {}

  /**
   * The known name with the fewest edits, if these are at most a third of the given name's length.
   * Otherwise a known name with the same part after its last dot, which is the same key in another
   * section.
   */
  public static Optional<String> of(String unknown, Collection<String> known) {
    String best = "";
    int fewest = Math.max(2, unknown.length() / 3) + 1;
    for (String candidate : known) {
      int edits = EditDistance.between(unknown, candidate);
      if (edits < fewest) {
        fewest = edits;
        best = candidate;
      }
    }
    if (!best.isEmpty() && fewest <= 3) {
      return Optional.of(best);
    }
    String last = last(unknown);
    Optional<String> moved = known.stream().filter(name -> last(name).equals(last)).findFirst();
    return moved.isPresent() || best.isEmpty() ? moved : Optional.of(best);
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
