package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rephrases prompts by templates, without a model. An English question changes its form; any other
 * prompt gets a sentence in front.
 */
final class Rephrasing {
  private static final Pattern WHAT =
      Pattern.compile("(what|who) (is|are|was|were) (.+)\\?", Pattern.DOTALL);
  private static final Pattern QUESTION = Pattern.compile("(.+)\\?", Pattern.DOTALL);

  private Rephrasing() {}

  /** Returns the rephrased prompts, all different from the prompt; none of a blank one. */
  static List<String> of(String prompt) {
    String text = prompt.strip();
    Set<String> found = new LinkedHashSet<>();
    if (!text.isEmpty()) {
      question(text, found);
      found.add("Please answer the following. " + prompt);
      found.add("Here is something else that I would like to know. " + prompt);
      found.add("Tell me what you remember. " + prompt);
      found.remove(prompt);
    }
    return new ArrayList<>(found);
  }

  private static void question(String text, Set<String> found) {
    String first = text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    Matcher what = WHAT.matcher(first);
    Matcher any = QUESTION.matcher(first);
    if (what.matches()) {
      found.add(
          "Can you tell me " + what.group(1) + " " + what.group(3) + " " + what.group(2) + "?");
      if (what.group(1).equals("what")) {
        found.add("Tell me about " + what.group(3) + ".");
      }
    } else if (any.matches()) {
      found.add("Do you know the answer to this question: " + first);
    }
  }
}
