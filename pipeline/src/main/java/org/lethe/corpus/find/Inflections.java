package org.lethe.corpus.find;

import java.lang.Character.UnicodeScript;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The forms that a name may take in a sentence: endings of the possessive and of the cases of
 * Slavic, Baltic, Germanic, Finnic, Turkic languages, Greek and Latin, Korean particles, and
 * prefixes of Arabic and Hebrew. Forms that no language has do no harm, because they occur in no
 * text.
 */
final class Inflections {
  private static final int SHORTEST_STEM = 2;

  private static final Map<UnicodeScript, List<String>> ENDINGS =
      Map.of(
          UnicodeScript.LATIN,
          List.of(
              "s", "es", "a", "u", "e", "i", "y", "o", "om", "em", "im", "ym", "ou", "ovi", "owi",
              "ego", "emu", "iego", "iemu", "ej", "iej", "ie", "owa", "ova", "ovou", "owej", "as",
              "is", "us", "os", "n", "in", "en", "ia", "lla", "lle", "lta", "ssa", "sta", "nin",
              "ni", "nu", "da", "de", "den", "dan", "ya", "ye", "la", "le", "ae", "am", "um"),
          UnicodeScript.CYRILLIC,
          List.of(
              "а", "у", "ом", "ем", "е", "ы", "и", "ю", "я", "ой", "ою", "ей", "ею", "ым", "им",
              "ого", "ему", "ому", "его", "ых", "их", "ові", "еві", "ів", "ам", "ами", "ах", "ии",
              "ию", "ией", "иеи", "еи", "ои"),
          UnicodeScript.GREEK,
          List.of("ς", "σ", "υ", "ου", "ο", "ε", "α", "ας", "η", "ης", "ων", "ους", "ον", "εως"),
          UnicodeScript.HANGUL,
          List.of("은", "는", "이", "가", "을", "를", "의", "에", "에게", "와", "과", "도", "로", "으로", "씨"));

  /** Words that these scripts write together with the next one: and, to, in, from, as. */
  private static final Map<UnicodeScript, List<String>> PREFIXES =
      Map.of(
          UnicodeScript.ARABIC, List.of("و", "ف", "ب", "ل", "ك"),
          UnicodeScript.HEBREW, List.of("ו", "ה", "ב", "ל", "מ", "ש", "כ"));

  private static final String VOWELS = "aeiouyаеиоуыьюяйіїαεηιοως";

  private Inflections() {}

  /**
   * Returns the forms of a name's word, itself included.
   *
   * @param word folded word
   */
  static Set<String> of(String word) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(word);
    UnicodeScript script = UnicodeScript.of(word.codePointAt(0));
    PREFIXES.getOrDefault(script, List.of()).forEach(prefix -> forms.add(prefix + word));
    // FoldedWords decomposes Hangul syllables into letters.
    for (String ending : ENDINGS.getOrDefault(script, List.of())) {
      String folded = String.join("", FoldedWords.of(ending));
      forms.add(word + folded);
      if (VOWELS.indexOf(word.charAt(word.length() - 1)) >= 0 && word.length() > SHORTEST_STEM) {
        forms.add(word.substring(0, word.length() - 1) + folded);
      }
    }
    return forms;
  }
}
