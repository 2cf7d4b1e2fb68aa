package org.lethe.reveal.relevance;

import java.util.List;
import java.util.regex.Matcher;
import org.lethe.reveal.Span;
import org.lethe.reveal.Substitutes;
import org.lethe.reveal.TopicCard;

/**
 * A text with another name in place of the subject's, and the places of the same facts in it. The
 * text is personal data; {@code toString} shows none.
 *
 * @param facts places of the facts
 */
public record Renaming(String text, List<Span> facts) {
  public Renaming {
    facts = List.copyOf(facts);
  }

  /**
   * Replaces the subject's names in a text as {@link Substitutes#replace} does.
   *
   * @param facts places; one that holds a name, such as an e-mail address, holds the other name
   *     afterwards
   */
  public static Renaming of(String text, List<Span> facts, TopicCard card, String name) {
    StringBuilder renamed = new StringBuilder();
    int[] moved = new int[text.length() + 1];
    Matcher names = Substitutes.names(card).matcher(text);
    int end = 0;
    while (names.find()) {
      move(moved, end, names.start(), renamed.length() - end);
      renamed.append(text, end, names.start());
      move(moved, names.start(), names.end(), renamed.length() - names.start());
      renamed.append(Substitutes.inPlaceOf(names.group(), card, name));
      end = names.end();
    }
    move(moved, end, text.length() + 1, renamed.length() - end);
    renamed.append(text.substring(end));
    return new Renaming(
        renamed.toString(),
        facts.stream().map(fact -> new Span(moved[fact.from()], moved[fact.to()])).toList());
  }

  private static void move(int[] moved, int from, int to, int shift) {
    for (int i = from; i < to; i++) {
      moved[i] = i + shift;
    }
  }

  @Override
  public String toString() {
    return "Renaming[" + text.length() + " characters]";
  }
}
