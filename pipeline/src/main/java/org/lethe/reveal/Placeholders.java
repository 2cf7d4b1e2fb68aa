package org.lethe.reveal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words in braces that are replaced by parts of a topic card. */
final class Placeholders {
  static final String NAME = "name";
  static final String DESCRIPTION = "description";
  static final String ATTRIBUTE = "attribute";
  static final String QUESTION = "question";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z_-]{1,32})\\}");

  private Placeholders() {}

  /** Fills in all placeholders at once. Braces in the values have no effect. */
  static String fill(String text, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), match.group())));
  }

  static boolean uses(String text, String placeholder) {
    return text.contains("{" + placeholder + "}");
  }

  /** Returns the first placeholder that is not allowed, as a problem. */
  static Optional<String> problem(String text, List<String> allowed) {
    return PLACEHOLDER
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .filter(found -> !allowed.contains(found))
        .findFirst()
        .map(
            found ->
                "holds the unknown placeholder {"
                    + found
                    + "}, expected {"
                    + JsonFields.nearest(found, allowed).orElse(String.join("}, {", allowed))
                    + "}");
  }
}
