package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe benchmark}. */
public final class BenchmarkJob {
  private BenchmarkJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("benchmark", arguments);
  }
}
