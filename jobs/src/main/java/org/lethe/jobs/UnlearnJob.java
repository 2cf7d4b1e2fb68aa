package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe unlearn}. */
public final class UnlearnJob {
  private UnlearnJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("unlearn", arguments);
  }
}
