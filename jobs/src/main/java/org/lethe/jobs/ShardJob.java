package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe shard}. */
public final class ShardJob {
  private ShardJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("shard", arguments);
  }
}
