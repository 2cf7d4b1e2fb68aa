package org.lethe.reveal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names of other people that replace the subject's, so that the same can be asked about them. */
public final class Substitutes {
  /** People who do not exist, for cards without substitutes. Each name has two words. */
  private static final List<String> INVENTED =
      List.of(
          "Corin Haskel",
          "Mirela Stannard",
          "Tobin Averill",
          "Lenka Ruskin",
          "Jorun Pellman",
          "Sabra Whitlock",
          "Edric Molloy",
          "Dalia Fenwick");

  private Substitutes() {}

  /** The card's substitutes, or invented names if it has none. */
  public static List<String> of(TopicCard card) {
    return card.substitutes().isEmpty() ? INVENTED : card.substitutes();
  }

  /**
   * Returns up to a number of names to compare the subject with: the card's neighbours, then its
   * substitutes. A model finds any statement likelier about a name that it knows, so names that it
   * knows come first.
   */
  public static List<String> compared(TopicCard card, int most) {
    return Stream.concat(card.neighbours().stream(), of(card).stream())
        .distinct()
        .limit(most)
        .toList();
  }

  /**
   * Returns cards of people who do not exist, one for each substitute, with the subject's
   * attributes and templates. Each is compared with other substitutes. Invented names join the
   * card's substitutes if there are too few. Their ids are the card's with {@code -x00}, {@code
   * -x01}...
   *
   * @param compared number of names that each is compared with
   */
  public static List<TopicCard> inventedCards(TopicCard card, int compared) {
    List<String> names =
        card.substitutes().size() > compared
            ? card.substitutes()
            : Stream.concat(card.substitutes().stream(), INVENTED.stream()).distinct().toList();
    List<TopicCard> cards = new ArrayList<>();
    for (String name : names) {
      cards.add(
          new TopicCard(
              String.format(Locale.ROOT, "%s-x%02d", card.id(), cards.size()),
              name,
              List.of(),
              replace(card.description(), card, name),
              card.attributes(),
              List.of(),
              names.stream().filter(other -> !other.equals(name)).toList(),
              card.oracle(),
              card.templates()));
    }
    return List.copyOf(cards);
  }

  /**
   * Replaces each of the subject's names by the substitute's. The last word of a name, where it
   * stands alone, becomes the last word of the substitute.
   */
  public static String replace(String text, TopicCard card, String substitute) {
    return names(card)
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(inPlaceOf(match.group(), card, substitute)));
  }

  /** Pattern of the subject's names and of their last words. */
  public static Pattern names(TopicCard card) {
    String alternatives =
        Stream.concat(card.names().stream(), card.names().stream().map(Substitutes::lastWord))
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return Pattern.compile(
        "(?<![\\p{L}\\p{N}])(?:" + alternatives + ")(?![\\p{L}\\p{N}])",
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /** Returns the substitute for one occurrence of a name. */
  public static String inPlaceOf(String found, TopicCard card, String substitute) {
    String wanted = folded(found);
    return card.names().stream().anyMatch(name -> folded(name).equals(wanted))
        ? substitute
        : lastWord(substitute);
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String lastWord(String name) {
    return name.substring(name.lastIndexOf(' ') + 1);
  }
}
