package org.lethe.error;

/** What can go wrong in training rounds. */
public final class ClusterErrors {
  private ClusterErrors() {}

  public static LetheException notFinite(int round, int worker, String what, String lastGood) {
    return new LetheException(
        ExitClass.DIVERGED,
        "Training diverged in round "
            + round
            + ": the contribution of worker "
            + worker
            + " holds NaN or infinity in "
            + what
            + "; lower the learning rate or the clip norm. Last good state: "
            + lastGood);
  }

  public static LetheException notFiniteAverage(int round, String what, String lastGood) {
    return new LetheException(
        ExitClass.DIVERGED,
        "Training diverged in round "
            + round
            + ": the averaged state holds NaN or infinity in "
            + what
            + "; lower the learning rate or the clip norm. Last good state: "
            + lastGood);
  }

  public static LetheException nothingToTrainOn(int workers, String set) {
    return new LetheException(
        ExitClass.INPUT,
        "Nothing to train on: the "
            + set
            + " shards of all "
            + workers
            + " workers are empty; check the corpus and the shard job's report");
  }

  public static LetheException noWorkerCanTrain(int workers) {
    return new LetheException(
        ExitClass.INPUT,
        "Nothing to train on: none of "
            + workers
            + " workers has examples of every set that the direction uses; shard again with fewer"
            + " workers");
  }

  public static LetheException damagedCheckpoint(String file, String found, String expected) {
    return new LetheException(
        ExitClass.INPUT,
        "Damaged checkpoint: "
            + file
            + " has SHA-256 "
            + found
            + ", expected "
            + expected
            + "; delete its folder to resume from the checkpoint before it");
  }

  public static LetheException inconsistentCheckpoint(String file, String problem) {
    return new LetheException(
        ExitClass.INPUT,
        "Damaged checkpoint: "
            + file
            + ": "
            + problem
            + "; delete its folder to resume from the checkpoint before it");
  }

  public static LetheException otherTraining(String file) {
    return new LetheException(
        ExitClass.CONFLICT,
        "Checkpoint of another training: "
            + file
            + " was written with another model, other shards or other settings; use a new run"
            + " directory, or delete the rounds folder to start again");
  }

  public static LetheException damagedReference(String file) {
    return new LetheException(
        ExitClass.INPUT,
        "Damaged reference losses: "
            + file
            + " has other bytes than its manifest says; delete its folder to compute them again");
  }

  /** Prompting gave nothing that can be trained on. */
  public static LetheException nothingRevealed(int cards, long prompts) {
    return new LetheException(
        ExitClass.INPUT,
        "Nothing revealed: no response of "
            + prompts
            + " to "
            + cards
            + " topic cards passed the filters, expected at least one; revealed/report.json counts"
            + " what was dropped and why; the model may know nothing of the topics, or give the"
            + " cards questions in the words that it knows");
  }
}
