package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe reveal}. */
public final class RevealJob {
  private RevealJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("reveal", arguments);
  }
}
