package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe pipeline}. */
public final class PipelineJob {
  private PipelineJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("pipeline", arguments);
  }
}
