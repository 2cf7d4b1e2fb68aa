package org.lethe.error;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Failures of a run directory, its stages, its gates and its release. */
public final class RunErrors {
  private RunErrors() {}

  public static LetheException invalidRunDirectory(String uri, String reason) {
    return ExitClass.USAGE.failure(
        "Invalid run directory: %s (%s); give --run-dir a path or a URI", uri, reason);
  }

  public static LetheException invalidName(String what, String found) {
    return ExitClass.USAGE.failure(
        "Invalid %s: '%s'; expected 1 to 128 letters, digits, '.', '_' or '-', beginning with a"
            + " letter or digit",
        what, found);
  }

  public static LetheException pathEscapes(String found, String root) {
    return ExitClass.INPUT.failure(
        "Invalid path in a manifest: '%s'; expected a path below %s. Lethe did not write this"
            + " manifest: start with a new run directory",
        found, root);
  }

  public static LetheException inUse(String root, String owner, long seconds) {
    return ExitClass.CONFLICT.failure(
        "Run directory in use: %s is held by %s; wait for it to end, or use another --run-dir. If"
            + " it was killed, its lease ends in %d s, or run 'lethe unlock %s'",
        root, owner, seconds, root);
  }

  public static LetheException lostLease(String root, String taker, String target) {
    return ExitClass.CONFLICT.failure(
        "Lost the run directory %s to %s; this run stopped before it wrote %s. Run the command"
            + " again when the other run has ended",
        root, taker, target);
  }

  public static LetheException stillAlive(String root, String owner) {
    return ExitClass.CONFLICT.failure(
        "Run directory in use: %s is held by %s, which renewed its lease just now; stop that run"
            + " first",
        root, owner);
  }

  public static LetheException otherRun(String root, String found, String requested) {
    return ExitClass.CONFLICT.failure(
        "Run directory belongs to another run: %1$s contains run '%2$s', requested was '%3$s'; use"
            + " another --run-dir or lethe.run-id = %2$s",
        root, found, requested);
  }

  public static LetheException inputsChanged(String stage, String folder, List<String> changes) {
    return ExitClass.CONFLICT.failure(
        "Inputs of stage '%s' changed since %s was written: %s. Use a new --run-dir, or delete that"
            + " folder to run the stage again",
        stage, folder, String.join("; ", changes));
  }

  public static LetheException outputsChanged(String stage, String folder, List<String> changes) {
    return ExitClass.CONFLICT.failure(
        "Outputs of stage '%s' in %s do not match its manifest: %s. Delete that folder to run the"
            + " stage again",
        stage, folder, String.join("; ", changes));
  }

  public static LetheException unreadableDocument(String path, String reason) {
    return ExitClass.INPUT.failure(
        "Cannot read %s: %s; Lethe did not write this file, or it is damaged", path, reason);
  }

  public static LetheException missingStage(String stage, String folder, String command) {
    return ExitClass.INPUT.failure(
        "Missing result of stage '%s': %s has no manifest.json; run 'lethe %s' on this run"
            + " directory first",
        stage, folder, command);
  }

  /** A remark about executors whose processors differ. */
  public static String mixedKernels(List<String> kernels) {
    return "the executors compute with different kernels ("
        + String.join("; ", kernels)
        + "), so another run may differ in the last bits; use executors with the same processors,"
        + " or set spark.executorEnv.OPENBLAS_CORETYPE to a kernel that all of them have";
  }

  public static LetheException noResult(String directory) {
    return ExitClass.INPUT.failure(
        "No result in %s: no command has ended there; check the run directory", directory);
  }

  /** Inputs that a dry run cannot read, all together. */
  public static LetheException unusableInputs(List<LetheException> problems) {
    LetheException first = problems.get(0);
    return problems.size() == 1
        ? first
        : first
            .exitClass()
            .failure(
                "Unusable inputs, %d problems:\n  - %s",
                problems.size(),
                String.join("\n  - ", problems.stream().map(Throwable::getMessage).toList()));
  }

  /** A signal ended the command. */
  public static LetheException interrupted() {
    return ExitClass.INTERRUPTED.failure(
        "Interrupted by a signal (SIGTERM or SIGINT); run the same command again to resume");
  }

  public static LetheException noEffect(String reason) {
    return ExitClass.NO_EFFECT.failure(
        "Training changed nothing: %s; check lethe.unlearn.learning-rate, rounds and local-steps,"
            + " and that the forget set is not empty",
        reason);
  }

  public static LetheException collapsed(String figure, double found, String expected) {
    return ExitClass.DIVERGED.failure(
        "The model collapsed: %s is %.4g, expected %s; lower lethe.unlearn.learning-rate.peak or"
            + " the number of rounds",
        figure, found, expected);
  }

  public static LetheException noBaseline(
      double forget, double unseen, double high, String keptAt) {
    return ExitClass.NO_BASELINE.failure(
        "Not released: before unlearning the model knew the forget set no better than rows that it"
            + " never saw (forget.probability %.4g, unseen-forget.probability %.4g with upper bound"
            + " %.4g), so nothing can be shown to be forgotten; check that lethe.model.path is the"
            + " model that was trained on the forget set. The result is kept in %s",
        forget, unseen, high, keptAt);
  }

  public static LetheException gateRefused(List<String> refusals, String keptAt) {
    return ExitClass.GATE.failure(
        "Not released: %s. The model is kept in %s; see record.json and report.html",
        String.join("; ", refusals), keptAt);
  }

  /**
   * Turns a failure of the file system into a message that names the cure. The caller gives the
   * path, because exceptions of file systems often omit it.
   */
  public static LetheException io(String doing, String path, IOException failure) {
    Optional<LetheException> missing = PlatformErrors.missingFileSystem(path, failure);
    if (missing.isPresent()) {
      return missing.get();
    }
    if (mentions(failure, "No space left on device", "disk quota", "DSQuotaExceeded")) {
      return ExitClass.PLATFORM.failure(
          failure, "Disk full while %s %s; free space or use another --run-dir", doing, path);
    }
    if (mentions(failure, "Read-only file system")) {
      return ExitClass.PLATFORM.failure(
          failure,
          "Read-only file system while %s %s; use a path that can be written, or mount it writable",
          doing,
          path);
    }
    if (failure instanceof AccessDeniedException
        || mentions(failure, "Permission denied", "AccessControlException")) {
      return ExitClass.INPUT.failure(
          failure,
          "Permission denied while %s %s; grant access to user %s or use another path",
          doing,
          path,
          System.getProperty("user.name"));
    }
    if (failure instanceof FileNotFoundException) {
      return ExitClass.INPUT.failure(
          failure, "No such file while %s %s; check the path", doing, path);
    }
    return ExitClass.INPUT.failure(
        failure, "Input/output error while %s %s: %s", doing, path, ErrorText.firstLine(failure));
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

  /** Reports requests of batches that were refused, while the others were released. */
  public static LetheException requestsRefused(List<String> requests, int all) {
    return ExitClass.GATE.failure(
        "%d of %d requests were refused: %s; the others were released",
        requests.size(), all, String.join(", ", requests));
  }

  /** Reports a tuning in which every candidate diverged. */
  public static LetheException noCandidate(int candidates) {
    return ExitClass.DIVERGED.failure(
        "All %d candidates of the tuning diverged; lower lethe.tune.learning-rates", candidates);
  }
}
