package org.lethe.error;

import java.util.Objects;

/**
 * A failure that a user can act on. The message is one line: what was found, what was expected,
 * where, and what to do. It never contains text of a corpus, only row ids and digests. Secrets in
 * URIs are masked.
 *
 * <p>The {@code *Errors} classes of this package build the messages, one class per area, so that
 * all user-facing wording is in one place.
 */
public final class LetheException extends RuntimeException {
  private final ExitClass exitClass;

  public LetheException(ExitClass exitClass, String message) {
    super(SecretText.masked(message));
    this.exitClass = Objects.requireNonNull(exitClass);
  }

  public LetheException(ExitClass exitClass, String message, Throwable cause) {
    super(SecretText.masked(message), cause);
    this.exitClass = Objects.requireNonNull(exitClass);
  }

  public ExitClass exitClass() {
    return exitClass;
  }
}
