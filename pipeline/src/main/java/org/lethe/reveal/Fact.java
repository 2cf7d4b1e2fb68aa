package org.lethe.reveal;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Something that was said of a subject, by the words that carry it. */
sealed interface Fact {
  /** The same for the same fact, however it was said. Personal data. */
  String key();

  /**
   * A value: an answer to a question, a number, a date, an address.
   *
   * @param words in one piece, wherever the value is stated
   */
  record Value(List<String> words) implements Fact {
    public Value {
      words = List.copyOf(words);
    }

    @Override
    public String key() {
      return String.join(" ", words);
    }

    @Override
    public String toString() {
      return "Value[" + words.size() + " words]";
    }
  }

  /**
   * What a sentence without a value says.
   *
   * @param words names and numbers in it but for the subject's own; all words where there are none
   */
  record Statement(Set<String> words) implements Fact {
    public Statement {
      words = Set.copyOf(words);
    }

    @Override
    public String key() {
      return "statement " + String.join(" ", new TreeSet<>(words));
    }

    @Override
    public String toString() {
      return "Statement[" + words.size() + " words]";
    }
  }
}
