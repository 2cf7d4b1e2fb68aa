package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe tune}. */
public final class TuneJob {
  private TuneJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("tune", arguments);
  }
}
