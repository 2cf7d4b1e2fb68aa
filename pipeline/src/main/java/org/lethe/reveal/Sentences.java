package org.lethe.reveal;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits a text into sentences by Unicode's rules. Each line of a list is a sentence. */
public final class Sentences {
  private Sentences() {}

  public static List<String> of(String text) {
    List<String> sentences = new ArrayList<>();
    for (String line : text.split("\\R")) {
      BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
      breaks.setText(line);
      int from = breaks.first();
      for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
        String sentence = line.substring(from, to).strip();
        if (!sentence.isEmpty()) {
          sentences.add(sentence);
        }
        from = to;
      }
    }
    return sentences;
  }
}
