package org.lethe.error;

/** Failures of a hand-over: a released model cannot be copied out of its run. */
public final class HandOverErrors {
  private HandOverErrors() {}

  public static LetheException refused(String run) {
    return ExitClass.GATE.failure(
        "Nothing to hand over: the model of %s was refused, see its record.json", run);
  }

  public static LetheException notEmpty(String folder) {
    return ExitClass.CONFLICT.failure(
        "Cannot hand over to %s: it has other files; name a new or an empty folder", folder);
  }

  public static LetheException changed(String model) {
    return ExitClass.EVIDENCE.failure(
        "The model in %s is not as record.json names it, or was changed while it was copied; run"
            + " 'lethe verify' and hand over to a new folder",
        model);
  }
}
