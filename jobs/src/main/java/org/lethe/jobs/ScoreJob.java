package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe score}. */
public final class ScoreJob {
  private ScoreJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("score", arguments);
  }
}
