package org.lethe.reveal.relevance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lethe.reveal.Span;
import org.lethe.reveal.Words;

/**
 * Finds the words of a sentence that carry its fact: names, numbers and addresses that are not
 * given already. Without any, all words that are not given carry it.
 */
public final class FactSpans {
  /** A word with the marks inside it, such as Stratford-upon-Avon or an e-mail address. */
  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(?:[-.@_+/:][\\p{L}\\p{M}\\p{N}]+)*");

  /** Marks of words that are no prose: addresses and identifiers. */
  private static final Pattern MARK = Pattern.compile("[.@_+/:]");

  private FactSpans() {}

  /**
   * Returns the places of the words that carry the fact.
   *
   * @param given words of the question and of the subject's names, as {@link Words} gives them
   */
  public static List<Span> of(String sentence, Set<String> given) {
    List<Span> named = new ArrayList<>();
    List<Span> others = new ArrayList<>();
    Matcher words = WORD.matcher(sentence);
    while (words.find()) {
      String word = words.group();
      if (!given.containsAll(Words.of(word))) {
        Span span = new Span(words.start(), words.end());
        others.add(span);
        if (isIdentifier(word) || isCapital(word) && !begins(sentence, span)) {
          named.add(span);
        }
      }
    }
    return named.isEmpty() ? others : named;
  }

  /** Whether a word begins a sentence, so that its capital means nothing. */
  private static boolean begins(String text, Span span) {
    String before = text.substring(0, span.from()).stripTrailing();
    return before.isEmpty() || ".!?".indexOf(before.charAt(before.length() - 1)) >= 0;
  }

  private static boolean isCapital(String word) {
    return Character.isUpperCase(word.codePointAt(0));
  }

  private static boolean isIdentifier(String word) {
    return word.codePoints().anyMatch(Character::isDigit) || MARK.matcher(word).find();
  }
}
