package org.lethe.error;

/** Failures of verification: what a run directory holds is not what its record says. */
public final class EvidenceErrors {
  private EvidenceErrors() {}

  /**
   * A recorded value differs from the one found.
   *
   * @param file path relative to the run directory
   * @param field the field of that file, or what was compared
   */
  public static LetheException differs(String file, String field, String recorded, String found) {
    return ExitClass.EVIDENCE.failure(
        "Evidence differs in %s: %s is %s, expected %s; the file, or one that it rests on, was"
            + " changed after the record was written. Keep the directory as it is, and compare it"
            + " with a copy",
        file, field, found, recorded);
  }

  /** A file that a record or a manifest names does not exist. */
  public static LetheException missing(String file, String namedBy) {
    return ExitClass.EVIDENCE.failure(
        "Evidence is missing: %s, which %s names, does not exist. Restore it from a copy; without"
            + " it the record proves nothing",
        file, namedBy);
  }

  /** A file that a record has to name is not in it. */
  public static LetheException unnamed(String file, String record) {
    return ExitClass.EVIDENCE.failure(
        "Evidence is not named: %s, which the field evidence.files of %s leaves out; the record was"
            + " changed, or a later command wrote the file and did not decide again ('lethe"
            + " release')",
        file, record);
  }

  public static LetheException noRecord(String directory) {
    return ExitClass.EVIDENCE.failure(
        "No record in %s, expected record.json; run 'lethe release' first. If there was one, it was"
            + " deleted",
        directory);
  }

  /** The format of a record is none that this version knows. */
  public static LetheException unknownFormat(String file, int format, int latest) {
    return ExitClass.EVIDENCE.failure(
        "Invalid format of %s: %d, expected 1 to %d; a later version of Lethe wrote it, or the"
            + " field was changed",
        file, format, latest);
  }

  /** A record of a version that did not name its evidence. */
  public static LetheException nothingNamed(String file) {
    return ExitClass.EVIDENCE.failure(
        "%s names no evidence, so nothing can be verified; a version of Lethe before 0.1.0 wrote"
            + " it, or its field evidence was emptied. Run 'lethe release' again",
        file);
  }

  public static LetheException unreadable(String file, String reason) {
    return ExitClass.EVIDENCE.failure(
        "Cannot read %s: %s; the file was damaged after it was written", file, reason);
  }

  /** A command would replace a record that is not as Lethe wrote it. */
  public static LetheException changedRecord(String record, String copy) {
    return ExitClass.EVIDENCE.failure(
        "%s differs from %s, although Lethe writes both with the same bytes; one of them was"
            + " changed afterwards. Nothing was written. Move both away to write a new record",
        record, copy);
  }

  public static LetheException unusableKey(String path, String reason) {
    return ExitClass.USAGE.failure(
        "Unusable key %s: %s; expected an Ed25519 key, or an EC key on P-256, as PEM (private: PKCS"
            + " #8, 'openssl genpkey -algorithm ed25519'; public: 'openssl pkey -pubout')",
        path, reason);
  }

  /** The program of lethe.release.signing-command gave no signature. */
  public static LetheException signingFailed(String program, String reason) {
    return ExitClass.USAGE.failure(
        "Signing with %s failed: %s; expected a program that reads the bytes to sign on its"
            + " standard input and writes the signature in Base64 (lethe.release.signing-command)",
        program, reason);
  }

  /** Rows cannot be computed again, because the given model is not part of a run directory. */
  public static LetheException noGivenModel(String path, String reason) {
    return ExitClass.USAGE.failure(
        "Cannot use the given model of the run, %s: %s; name a copy with --base-model",
        path, reason);
  }

  public static LetheException unsigned(String directory) {
    return ExitClass.EVIDENCE.failure(
        "No signature in %s, but a key was given; the run was not signed, or the signature was"
            + " deleted. Verify without --key to check the record alone",
        directory);
  }

  public static LetheException badSignature(String file, String reason) {
    return ExitClass.EVIDENCE.failure(
        "Invalid signature in %s: %s; the record or its signature was changed, or another key"
            + " signed it",
        file, reason);
  }
}
