package org.lethe.text.jinja.runtime;

/** What one rendering may use. Exceeding a limit stops it. */
public final class Budget {
  /** Evaluated expressions and statements. */
  public static final int MOST_STEPS = 1_000_000;

  /** Characters of the output, and of every string on the way. */
  public static final int MOST_CHARACTERS = 4 << 20;

  /** Elements of a list. */
  static final int MOST_ELEMENTS = 1 << 20;

  /** Macros that call each other. */
  public static final int MOST_CALLS = 100;

  private final boolean isLimited;
  private int steps;
  private long produced;

  private Budget(boolean isLimited) {
    this.isLimited = isLimited;
  }

  /** The budget of a template that is not trusted. */
  public static Budget limited() {
    return new Budget(true);
  }

  /** The budget of a template of Lethe's own. */
  public static Budget unlimited() {
    return new Budget(false);
  }

  public void step() {
    if (isLimited && ++steps > MOST_STEPS) {
      throw new JinjaException("more than " + MOST_STEPS + " steps");
    }
  }

  /** Accounts for text that a step produces, so that many large strings are stopped too. */
  public void characters(long length) {
    produced += length;
    if (isLimited && (length > MOST_CHARACTERS || produced > 64L * MOST_CHARACTERS)) {
      throw new JinjaException("more than " + MOST_CHARACTERS + " characters");
    }
  }

  /** Checks the length of a text that grows. */
  public void output(long length) {
    if (isLimited && length > MOST_CHARACTERS) {
      throw new JinjaException("more than " + MOST_CHARACTERS + " characters");
    }
  }

  void elements(long count) {
    produced += count;
    if (isLimited && (count > MOST_ELEMENTS || produced > 64L * MOST_CHARACTERS)) {
      throw new JinjaException("more than " + MOST_ELEMENTS + " elements");
    }
  }

  String text(String text) {
    characters(text.length());
    return text;
  }

  public String text(String a, String b) {
    characters((long) a.length() + b.length());
    return a + b;
  }
}
