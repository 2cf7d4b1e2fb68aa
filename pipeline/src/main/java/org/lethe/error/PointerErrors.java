package org.lethe.error;

/** Failures of pointer files, which stand for files that were not downloaded. */
public final class PointerErrors {
  private PointerErrors() {}

  public static LetheException notDownloaded(Object file, String tool, String command) {
    return ExitClass.INPUT.failure(
        "Cannot read %s: it is a pointer of %s, the file itself was not downloaded; run '%s' in its"
            + " repository, or download the file",
        file, tool, command);
  }
}
