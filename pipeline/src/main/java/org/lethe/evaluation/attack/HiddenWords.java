package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses words of an answer that a cloze question leaves out: numbers and names first, then long
 * words. A word that the prompt or the rest of the answer contains would give itself away.
 */
final class HiddenWords {
  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(?:['’.-][\\p{L}\\p{M}\\p{N}]+)*");

  /** Shorter words say little. */
  private static final int LEAST_LENGTH = 4;

  private HiddenWords() {}

  /**
   * A word of an answer.
   *
   * @param from index of its first character
   * @param to index after its last character
   */
  record Place(int from, int to) {
    int length() {
      return to - from;
    }
  }

  /** Returns the places of the words, best first. */
  static List<Place> of(String prompt, String answer, int most) {
    List<Place> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(answer);
    while (matcher.find()) {
      Place place = new Place(matcher.start(), matcher.end());
      String word = answer.substring(place.from(), place.to());
      String rest = answer.substring(0, place.from()) + "\n" + answer.substring(place.to());
      boolean whole = rest.isBlank();
      if ((isFact(answer, place) || place.length() >= LEAST_LENGTH)
          && !whole
          && !contains(prompt, word)
          && !contains(rest, word)) {
        words.add(place);
      }
    }
    return words.stream()
        .sorted(
            Comparator.comparing((Place place) -> !isFact(answer, place))
                .thenComparing(Comparator.comparingInt(Place::length).reversed())
                .thenComparingInt(Place::from))
        .limit(most)
        .toList();
  }

  /** Whether a word is a number, or a name: capitalised, but not at the beginning of a sentence. */
  private static boolean isFact(String answer, Place place) {
    String word = answer.substring(place.from(), place.to());
    if (word.codePoints().anyMatch(Character::isDigit)) {
      return true;
    }
    String before = answer.substring(0, place.from()).stripTrailing();
    boolean begins = before.isEmpty() || ".!?:".indexOf(before.charAt(before.length() - 1)) >= 0;
    return !begins && Character.isUpperCase(word.codePointAt(0));
  }

  private static boolean contains(String text, String word) {
    return text.toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT));
  }
}
