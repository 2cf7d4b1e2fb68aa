package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe attack}. */
public final class AttackJob {
  private AttackJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("attack", arguments);
  }
}
