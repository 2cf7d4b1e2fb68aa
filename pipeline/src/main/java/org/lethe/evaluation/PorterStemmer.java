package org.lethe.evaluation;

import java.util.Map;
import java.util.function.Predicate;

/**
 * Porter's suffix stripping ("An algorithm for suffix stripping", Program 14(3), 1980) with the
 * changes that NLTK makes by default (mode NLTK_EXTENSIONS), because Google's rouge-score uses
 * NLTK. Takes lower-case words of a-z and 0-9; a digit counts as a consonant.
 */
final class PorterStemmer {
  private static final Map<String, String> IRREGULAR =
      Map.ofEntries(
          Map.entry("sky", "sky"),
          Map.entry("skies", "sky"),
          Map.entry("dying", "die"),
          Map.entry("lying", "lie"),
          Map.entry("tying", "tie"),
          Map.entry("news", "news"),
          Map.entry("innings", "inning"),
          Map.entry("inning", "inning"),
          Map.entry("outings", "outing"),
          Map.entry("outing", "outing"),
          Map.entry("cannings", "canning"),
          Map.entry("canning", "canning"),
          Map.entry("howe", "howe"),
          Map.entry("proceed", "proceed"),
          Map.entry("exceed", "exceed"),
          Map.entry("succeed", "succeed"));

  private static final Predicate<String> POSITIVE_MEASURE = stem -> measure(stem) > 0;
  private static final Predicate<String> MEASURE_OVER_ONE = stem -> measure(stem) > 1;

  /** Step 2, in the order of NLTK. "alli" is tried before all of them, "logi" after. */
  private static final String[][] STEP_2 = {
    {"ational", "ate"},
    {"tional", "tion"},
    {"enci", "ence"},
    {"anci", "ance"},
    {"izer", "ize"},
    {"bli", "ble"},
    {"alli", "al"},
    {"entli", "ent"},
    {"eli", "e"},
    {"ousli", "ous"},
    {"ization", "ize"},
    {"ation", "ate"},
    {"ator", "ate"},
    {"alism", "al"},
    {"iveness", "ive"},
    {"fulness", "ful"},
    {"ousness", "ous"},
    {"aliti", "al"},
    {"iviti", "ive"},
    {"biliti", "ble"},
    {"fulli", "ful"},
  };

  private static final String[][] STEP_3 = {
    {"icate", "ic"},
    {"ative", ""},
    {"alize", "al"},
    {"iciti", "ic"},
    {"ical", "ic"},
    {"ful", ""},
    {"ness", ""},
  };

  private static final String[] STEP_4 = {
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou",
    "ism", "ate", "iti", "ous", "ive", "ize",
  };

  private PorterStemmer() {}

  static String stem(String word) {
    String irregular = IRREGULAR.get(word);
    if (irregular != null) {
      return irregular;
    }
    if (word.length() <= 2) {
      return word;
    }
    return step5b(step5a(step4(step3(step2(step1c(step1b(step1a(word))))))));
  }

  private static String step1a(String word) {
    if (word.endsWith("ies") && word.length() == 4) {
      return cut(word, 1); // NLTK: dies -> die, but flies -> fli
    }
    if (word.endsWith("sses") || word.endsWith("ies")) {
      return cut(word, 2);
    }
    if (word.endsWith("ss")) {
      return word;
    }
    return word.endsWith("s") ? cut(word, 1) : word;
  }

  private static String step1b(String word) {
    if (word.endsWith("ied")) {
      return word.length() == 4 ? cut(word, 1) : cut(word, 2); // NLTK: died -> die, spied -> spi
    }
    if (word.endsWith("eed")) {
      return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
    }
    if (word.endsWith("ed") && containsVowel(cut(word, 2))) {
      return afterStep1b(cut(word, 2));
    }
    if (word.endsWith("ing") && containsVowel(cut(word, 3))) {
      return afterStep1b(cut(word, 3));
    }
    return word;
  }

  private static String afterStep1b(String stem) {
    if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
      return stem + "e";
    }
    if (endsWithDoubleConsonant(stem)) {
      char last = stem.charAt(stem.length() - 1);
      return last == 'l' || last == 's' || last == 'z' ? stem : cut(stem, 1);
    }
    return measure(stem) == 1 && endsShort(stem) ? stem + "e" : stem;
  }

  private static String step1c(String word) {
    // NLTK: only after a consonant that is not the first letter (happy -> happi, enjoy, by).
    return word.endsWith("y") && word.length() > 2 && isConsonant(word, word.length() - 2)
        ? cut(word, 1) + "i"
        : word;
  }

  private static String step2(String word) {
    if (word.endsWith("alli") && measure(cut(word, 4)) > 0) {
      return step2(cut(word, 2)); // NLTK: alli -> al first, then step 2 again
    }
    for (String[] rule : STEP_2) {
      if (word.endsWith(rule[0])) {
        return replaced(word, rule, POSITIVE_MEASURE);
      }
    }
    if (word.endsWith("logi")) {
      return measure(cut(word, 3)) > 0 ? cut(word, 1) : word; // the l belongs to the stem
    }
    return word;
  }

  private static String step3(String word) {
    for (String[] rule : STEP_3) {
      if (word.endsWith(rule[0])) {
        return replaced(word, rule, POSITIVE_MEASURE);
      }
    }
    return word;
  }

  private static String step4(String word) {
    for (String suffix : STEP_4) {
      if (word.endsWith(suffix)) {
        String stem = cut(word, suffix.length());
        boolean removed =
            MEASURE_OVER_ONE.test(stem)
                && (!suffix.equals("ion") || stem.endsWith("s") || stem.endsWith("t"));
        return removed ? stem : word;
      }
    }
    return word;
  }

  private static String step5a(String word) {
    if (!word.endsWith("e")) {
      return word;
    }
    String stem = cut(word, 1);
    int measure = measure(stem);
    return measure > 1 || (measure == 1 && !endsShort(stem)) ? stem : word;
  }

  private static String step5b(String word) {
    return word.endsWith("ll") && measure(cut(word, 1)) > 1 ? cut(word, 1) : word;
  }

  /** Applies the first rule whose suffix matches, even if its condition fails. */
  private static String replaced(String word, String[] rule, Predicate<String> condition) {
    String stem = cut(word, rule[0].length());
    return condition.test(stem) ? stem + rule[1] : word;
  }

  private static String cut(String word, int letters) {
    return word.substring(0, word.length() - letters);
  }

  /** The m of the paper: the number of vowels followed by a consonant. */
  private static int measure(String stem) {
    int measure = 0;
    boolean vowelBefore = false;
    boolean consonant = false;
    for (int i = 0; i < stem.length(); i++) {
      consonant = isConsonant(stem.charAt(i), i == 0 || !consonant);
      if (consonant && vowelBefore) {
        measure++;
      }
      vowelBefore = !consonant;
    }
    return measure;
  }

  private static boolean containsVowel(String stem) {
    boolean consonant = false;
    for (int i = 0; i < stem.length(); i++) {
      consonant = isConsonant(stem.charAt(i), i == 0 || !consonant);
      if (!consonant) {
        return true;
      }
    }
    return false;
  }

  private static boolean isConsonant(String word, int position) {
    // A y is a consonant unless it follows one, so a run of them alternates.
    int start = position;
    while (start > 0 && word.charAt(start) == 'y') {
      start--;
    }
    boolean consonant = isConsonant(word.charAt(start), true);
    return (position - start) % 2 == 0 ? consonant : !consonant;
  }

  private static boolean isConsonant(char letter, boolean ifY) {
    return switch (letter) {
      case 'a', 'e', 'i', 'o', 'u' -> false;
      case 'y' -> ifY;
      default -> true;
    };
  }

  private static boolean endsWithDoubleConsonant(String word) {
    int last = word.length() - 1;
    return last >= 1 && word.charAt(last) == word.charAt(last - 1) && isConsonant(word, last);
  }

  /**
   * The *o of the paper, consonant-vowel-consonant. NLTK adds words of one vowel and one consonant.
   */
  private static boolean endsShort(String word) {
    int last = word.length() - 1;
    if (last == 1) {
      return !isConsonant(word, 0) && isConsonant(word, 1);
    }
    return last >= 2
        && isConsonant(word, last - 2)
        && !isConsonant(word, last - 1)
        && isConsonant(word, last)
        && "wxy".indexOf(word.charAt(last)) < 0;
  }
}
