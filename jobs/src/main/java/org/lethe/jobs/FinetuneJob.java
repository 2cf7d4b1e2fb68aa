package org.lethe.jobs;

/** For spark-submit: the same as {@code lethe finetune}. */
public final class FinetuneJob {
  private FinetuneJob() {}

  public static void main(String[] arguments) {
    Lethe.submit("finetune", arguments);
  }
}
