package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe erase}. */
public final class EraseJob {
  private EraseJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("erase", arguments);
  }
}
