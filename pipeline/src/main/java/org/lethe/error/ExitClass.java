package org.lethe.error;

import java.util.Locale;

/** Outcome of a command: the process exit status, and the word in result.json. */
public enum ExitClass {
  SUCCESS(0),
  /** A defect of Lethe. */
  INTERNAL(1),
  /** Invalid flags or configuration. */
  USAGE(2),
  /** Unusable model or data. */
  INPUT(3),
  /** A gate refused the finished result. */
  GATE(4),
  /** The run directory is in use, or its inputs changed. */
  CONFLICT(5),
  /** Training or the model produced NaN or infinity, or the model collapsed. */
  DIVERGED(6),
  /** Training changed nothing. */
  NO_EFFECT(7),
  /** Backend, device or memory does not match the configuration, or Spark or Hadoop refuse. */
  PLATFORM(8),
  /** A record, or a file that it rests on, is not as it was written. */
  EVIDENCE(9),
  /** A signal ended the command; running it again resumes the work. */
  INTERRUPTED(10),
  /** The model knew the forget set no better than unseen rows before anything was unlearned. */
  NO_BASELINE(11);

  private final int status;

  ExitClass(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }

  /** Returns the exception of this class. The format has the syntax of {@link String#format}. */
  LetheException failure(String format, Object... values) {
    return new LetheException(this, String.format(Locale.ROOT, format, values));
  }

  /** Returns the exception of this class with a cause. */
  LetheException failure(Throwable cause, String format, Object... values) {
    return new LetheException(this, String.format(Locale.ROOT, format, values), cause);
  }
}
