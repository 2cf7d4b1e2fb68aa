package org.lethe.jobs;

/**
 * {@code lethe pipeline} for spark-submit: {@code --class org.lethe.jobs.PipelineJob
 * lethe-jobs.jar}.
 */
public final class PipelineJob {
  private PipelineJob() {}

  public static void main(String[] arguments) {
    Lethe.main("pipeline", arguments);
  }
}
