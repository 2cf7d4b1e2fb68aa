package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe release}. */
public final class ReleaseJob {
  private ReleaseJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("release", arguments);
  }
}
