package org.lethe.reveal;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A fact about a subject, identified by the words that carry it. */
sealed interface Fact {
  /** Returns the same key for the same fact, in any wording. Personal data. */
  String key();

  /**
   * A value: an answer to a question, a number, a date, an address.
   *
   * @param words consecutive words that state the value
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
   * The content of a sentence without a value.
   *
   * @param words names and numbers in the sentence except the subject's own, or all words if there
   *     are none
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
