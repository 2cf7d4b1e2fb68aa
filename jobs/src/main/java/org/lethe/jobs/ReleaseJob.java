package org.lethe.jobs;

/**
 * {@code lethe release} for spark-submit: {@code --class org.lethe.jobs.ReleaseJob lethe-jobs.jar}.
 */
public final class ReleaseJob {
  private ReleaseJob() {}

  public static void main(String[] arguments) {
    Lethe.main("release", arguments);
  }
}
