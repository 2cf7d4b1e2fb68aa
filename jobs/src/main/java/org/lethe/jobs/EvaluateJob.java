package org.lethe.jobs;

/**
 * {@code lethe evaluate} for spark-submit: {@code --class org.lethe.jobs.EvaluateJob
 * lethe-jobs.jar}.
 */
public final class EvaluateJob {
  private EvaluateJob() {}

  public static void main(String[] arguments) {
    Lethe.main("evaluate", arguments);
  }
}
