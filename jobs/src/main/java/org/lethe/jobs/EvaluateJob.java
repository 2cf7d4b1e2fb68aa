package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe evaluate}. */
public final class EvaluateJob {
  private EvaluateJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("evaluate", arguments);
  }
}
