package org.lethe.reveal.filter;

import java.util.List;
import java.util.Set;
import org.lethe.reveal.Words;

/** Detects English refusals to answer. */
final class Refusals {
  /** Number of words examined. A refusal comes early; later, such words belong to a story. */
  private static final int FIRST_WORDS = 30;

  private static final Set<String> WHOLE =
      Set.of("unknown", "not known", "n a", "none", "not available", "not disclosed", "redacted");

  private static final List<List<String>> PHRASES =
      List.of(
              "i m sorry",
              "i am sorry",
              "i apologize",
              "i apologise",
              "i cannot",
              "i can t",
              "i can not",
              "i could not find",
              "i couldn t find",
              "i m unable",
              "i am unable",
              "i m not able",
              "i am not able",
              "i won t",
              "i will not",
              "i do not have",
              "i don t have",
              "i have no information",
              "i do not know",
              "i don t know",
              "i m not familiar",
              "i am not familiar",
              "i m not aware",
              "i am not aware",
              "i m not sure who",
              "as an ai",
              "as a language model",
              "as an artificial intelligence",
              "there is no information",
              "there is no publicly available",
              "no information is available",
              "it is not possible to provide",
              "not comfortable",
              "against my guidelines")
          .stream()
          .map(Words::of)
          .toList();

  private Refusals() {}

  static boolean matches(List<String> words) {
    List<String> first = words.subList(0, Math.min(words.size(), FIRST_WORDS));
    return WHOLE.contains(String.join(" ", first))
        || PHRASES.stream().anyMatch(phrase -> Words.contains(first, phrase));
  }
}
