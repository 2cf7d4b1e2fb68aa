package org.lethe.jobs.config;

import java.util.Collection;
import java.util.Optional;
import org.lethe.error.EditDistance;

/** The name that somebody most likely meant. */
final class NameSuggestion {
  private NameSuggestion() {}

  /**
   * The known name with the fewest edits from the one found, if that is at most a third of its
   * length. The last part of a dotted name, alone in another section, is found too.
   */
  static Optional<String> of(String found, Collection<String> known) {
    String best = null;
    int least = Math.max(2, found.length() / 3) + 1;
    for (String candidate : known) {
      int edits = EditDistance.between(found, candidate);
      if (edits < least) {
        least = edits;
        best = candidate;
      }
    }
    if (best != null && least <= 3) {
      return Optional.of(best);
    }
    String last = last(found);
    Optional<String> moved = known.stream().filter(k -> last(k).equals(last)).findFirst();
    return moved.isPresent() ? moved : Optional.ofNullable(best);
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
