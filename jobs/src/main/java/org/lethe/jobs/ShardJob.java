package org.lethe.jobs;

/** {@code lethe shard} for spark-submit: {@code --class org.lethe.jobs.ShardJob lethe-jobs.jar}. */
public final class ShardJob {
  private ShardJob() {}

  public static void main(String[] arguments) {
    Lethe.main("shard", arguments);
  }
}
