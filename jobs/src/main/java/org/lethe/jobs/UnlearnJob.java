package org.lethe.jobs;

/**
 * {@code lethe unlearn} for spark-submit: {@code --class org.lethe.jobs.UnlearnJob lethe-jobs.jar}.
 */
public final class UnlearnJob {
  private UnlearnJob() {}

  public static void main(String[] arguments) {
    Lethe.main("unlearn", arguments);
  }
}
