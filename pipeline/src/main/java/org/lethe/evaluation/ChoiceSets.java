package org.lethe.evaluation;

/** Names of the sets of multiple-choice questions. */
public final class ChoiceSets {
  /** Suffix of the set with wrong answers. */
  public static final String WRONG = "-wrong";

  private ChoiceSets() {}

  /** Returns the set of correct letters for a set of wrong ones; otherwise the set itself. */
  public static String questions(String set) {
    return set.endsWith(WRONG) ? set.substring(0, set.length() - WRONG.length()) : set;
  }
}
