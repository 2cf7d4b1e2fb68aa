package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe find}. */
public final class FindJob {
  private FindJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("find", arguments);
  }
}
