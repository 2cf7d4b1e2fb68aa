package org.lethe.reveal;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
   * Replaces each of the subject's names by the substitute's. The last word of a name, where it
   * stands alone, becomes the last word of the substitute.
   */
  public static String replace(String text, TopicCard card, String substitute) {
    String last = lastWord(substitute);
    Set<String> whole = card.names().stream().map(Substitutes::folded).collect(Collectors.toSet());
    String alternatives =
        Stream.concat(card.names().stream(), card.names().stream().map(Substitutes::lastWord))
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return Pattern.compile(
            "(?<![\\p{L}\\p{N}])(?:" + alternatives + ")(?![\\p{L}\\p{N}])",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    whole.contains(folded(match.group())) ? substitute : last));
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String lastWord(String name) {
    return name.substring(name.lastIndexOf(' ') + 1);
  }
}
