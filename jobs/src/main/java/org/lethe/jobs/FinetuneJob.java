package org.lethe.jobs;

/**
 * {@code lethe finetune} for spark-submit: {@code --class org.lethe.jobs.FinetuneJob
 * lethe-jobs.jar}.
 */
public final class FinetuneJob {
  private FinetuneJob() {}

  public static void main(String[] arguments) {
    Lethe.main("finetune", arguments);
  }
}
