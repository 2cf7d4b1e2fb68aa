package org.lethe.error;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Locale;

/** What can go wrong with a run directory, its stages, its gates and its release. */
public final class RunErrors {
  private RunErrors() {}

  public static LetheException invalidRunDirectory(String uri, String reason) {
    return new LetheException(
        ExitClass.USAGE,
        "Invalid run directory: " + uri + " (" + reason + "); give --run-dir a path or a URI");
  }

  public static LetheException invalidName(String what, String found) {
    return new LetheException(
        ExitClass.USAGE,
        "Invalid "
            + what
            + ": '"
            + found
            + "'; expected 1 to 128 letters, digits, '.', '_' or '-', beginning with a letter or"
            + " digit");
  }

  public static LetheException pathEscapes(String found, String root) {
    return new LetheException(
        ExitClass.INPUT,
        "Invalid path in a manifest: '"
            + found
            + "'; expected a path below "
            + root
            + ". The manifest was not written by Lethe: start with a new run directory");
  }

  public static LetheException inUse(String root, String owner, String lockFile) {
    return new LetheException(
        ExitClass.CONFLICT,
        "Run directory in use: "
            + root
            + " is held by "
            + owner
            + "; wait for it to end, or use another --run-dir. If that process is surely gone,"
            + " delete "
            + lockFile);
  }

  public static LetheException otherRun(String root, String found, String asked) {
    return new LetheException(
        ExitClass.CONFLICT,
        "Run directory belongs to another run: "
            + root
            + " holds run '"
            + found
            + "', asked for was '"
            + asked
            + "'; use another --run-dir or lethe.run-id = "
            + found);
  }

  public static LetheException inputsChanged(String stage, String folder, List<String> changes) {
    return new LetheException(
        ExitClass.CONFLICT,
        "Inputs of stage '"
            + stage
            + "' changed since "
            + folder
            + " was written: "
            + String.join("; ", changes)
            + ". Use a new --run-dir, or delete that folder to make it again");
  }

  public static LetheException outputsChanged(String stage, String folder, List<String> changes) {
    return new LetheException(
        ExitClass.CONFLICT,
        "Outputs of stage '"
            + stage
            + "' in "
            + folder
            + " are not what its manifest names: "
            + String.join("; ", changes)
            + ". Delete that folder to make it again");
  }

  public static LetheException unreadableDocument(String path, String reason) {
    return new LetheException(
        ExitClass.INPUT,
        "Cannot read " + path + ": " + reason + "; it was not written by Lethe or was damaged");
  }

  public static LetheException missingStage(String stage, String folder, String command) {
    return new LetheException(
        ExitClass.INPUT,
        "Missing result of stage '"
            + stage
            + "': "
            + folder
            + " has no manifest.json; run 'lethe "
            + command
            + "' on this run directory first");
  }

  public static LetheException noEffect(String reason) {
    return new LetheException(
        ExitClass.NO_EFFECT,
        "Training changed nothing: "
            + reason
            + "; check lethe.unlearn.learning-rate, rounds and local-steps, and that the forget set"
            + " is not empty");
  }

  public static LetheException collapsed(String figure, double found, String expected) {
    return new LetheException(
        ExitClass.DIVERGED,
        String.format(
            Locale.ROOT,
            "The model collapsed: %s is %.4g, expected %s; lower lethe.unlearn.learning-rate.peak or the"
                + " number of rounds",
            figure,
            found,
            expected));
  }

  public static LetheException gateRefused(List<String> refusals, String keptAt) {
    return new LetheException(
        ExitClass.GATE,
        "Not released: "
            + String.join("; ", refusals)
            + ". The model is kept aside in "
            + keptAt
            + "; see record.json and report.html");
  }

  /**
   * Turns a failure of the file system into a line that says what to do. The caller names the path,
   * since the messages of file systems often do not.
   */
  public static LetheException io(String doing, String path, IOException failure) {
    if (mentions(failure, "No space left on device", "disk quota", "DSQuotaExceeded")) {
      return new LetheException(
          ExitClass.PLATFORM,
          "Disk full while " + doing + " " + path + "; free space or use another --run-dir",
          failure);
    }
    if (failure instanceof AccessDeniedException
        || mentions(failure, "Permission denied", "AccessControlException", "Read-only file")) {
      return new LetheException(
          ExitClass.INPUT,
          "Permission denied while "
              + doing
              + " "
              + path
              + "; grant access to user "
              + System.getProperty("user.name")
              + " or use another path",
          failure);
    }
    if (failure instanceof FileNotFoundException) {
      return new LetheException(
          ExitClass.INPUT,
          "No such file while " + doing + " " + path + "; check the path",
          failure);
    }
    return new LetheException(
        ExitClass.INPUT,
        "Input/output error while " + doing + " " + path + ": " + oneLine(failure),
        failure);
  }

  private static boolean mentions(Throwable failure, String... needles) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String text = String.valueOf(t).toLowerCase(Locale.ROOT);
      for (String needle : needles) {
        if (text.contains(needle.toLowerCase(Locale.ROOT))) {
          return true;
        }
      }
    }
    return false;
  }

  private static String oneLine(Throwable failure) {
    String text = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
