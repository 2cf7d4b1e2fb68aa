package org.lethe.jobs;

import java.util.Collection;
import java.util.Optional;

/** The name that somebody most likely meant. */
final class Nearest {
  private Nearest() {}

  /**
   * The known name with the fewest edits from the one found, if that is at most a third of its
   * length. The last part of a dotted name, alone in another section, is found too.
   */
  static Optional<String> of(String found, Collection<String> known) {
    String best = null;
    int least = Math.max(2, found.length() / 3) + 1;
    for (String candidate : known) {
      int edits = edits(found, candidate);
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

  /** Levenshtein distance. */
  static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
