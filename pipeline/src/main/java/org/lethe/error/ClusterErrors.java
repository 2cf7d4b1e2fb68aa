package org.lethe.error;

import java.util.Locale;

/** Failures of training rounds, checkpoints and reveal jobs. */
public final class ClusterErrors {
  private ClusterErrors() {}

  public static LetheException notFinite(int round, int worker, String what, String lastGood) {
    return ExitClass.DIVERGED.failure(
        "Training diverged in round %d: the contribution of worker %d contains NaN or infinity in"
            + " %s; lower the learning rate or the clip norm. Last good state: %s",
        round, worker, what, lastGood);
  }

  public static LetheException notFiniteAverage(int round, String what, String lastGood) {
    return ExitClass.DIVERGED.failure(
        "Training diverged in round %d: the averaged state contains NaN or infinity in %s; lower"
            + " the learning rate or the clip norm. Last good state: %s",
        round, what, lastGood);
  }

  /**
   * A job failed for a reason that is not known to be another's.
   *
   * @param reason class and place of the failure, without its message
   */
  public static LetheException jobFailed(String job, String reason, Throwable failure) {
    return ExitClass.INTERNAL.failure(failure, "Spark job '%s' failed: %s", job, reason);
  }

  public static LetheException nothingToTrainOn(int workers, String set) {
    return ExitClass.INPUT.failure(
        "Nothing to train on: the %s shards of all %d workers are empty; check the corpus and the"
            + " report of the shard stage",
        set, workers);
  }

  public static LetheException noWorkerCanTrain(int workers) {
    return ExitClass.INPUT.failure(
        "Nothing to train on: none of %d workers has examples of every set that the direction uses;"
            + " shard again with fewer workers",
        workers);
  }

  public static LetheException tooManyRowsForFolds(int rows, int most) {
    return ExitClass.INPUT.failure(
        "Too many rows for lethe.unlearn.folds: %d in the shard of one worker, expected at most %d;"
            + " raise lethe.unlearn.workers and shard again, or set folds = 1",
        rows, most);
  }

  public static LetheException damagedCheckpoint(String file, String found, String expected) {
    return inconsistentCheckpoint(
        file, String.format(Locale.ROOT, "SHA-256 is %s, expected %s", found, expected));
  }

  public static LetheException inconsistentCheckpoint(String file, String problem) {
    return ExitClass.INPUT.failure(
        "Damaged checkpoint: %s: %s; delete its folder to resume from the previous checkpoint",
        file, problem);
  }

  public static LetheException otherTraining(String file) {
    return ExitClass.CONFLICT.failure(
        "Checkpoint of another training: %s was written with another model, other shards or other"
            + " settings; use a new run directory, or delete the rounds folder to start again",
        file);
  }

  public static LetheException damagedReference(String file) {
    return ExitClass.INPUT.failure(
        "Damaged reference losses: %s has other bytes than its manifest; delete its folder to"
            + " compute them again",
        file);
  }

  /** No response passed the filters, so there is nothing to train on. */
  public static LetheException nothingRevealed(int cards, long prompts) {
    return ExitClass.INPUT.failure(
        "Nothing revealed: no response of %d to %d topic cards passed the filters, expected at"
            + " least one; revealed/report.json counts the dropped responses by reason; if the"
            + " model knows the topics, add questions to the cards in words that the model knows",
        prompts, cards);
  }
}
