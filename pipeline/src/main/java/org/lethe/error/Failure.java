package org.lethe.error;

import java.util.Locale;

/** Builds a {@link LetheException} from a format in the syntax of {@link String#format}. */
final class Failure {
  private Failure() {}

  static LetheException of(ExitClass exitClass, String format, Object... values) {
    return new LetheException(exitClass, String.format(Locale.ROOT, format, values));
  }

  static LetheException of(ExitClass exitClass, Throwable cause, String format, Object... values) {
    return new LetheException(exitClass, String.format(Locale.ROOT, format, values), cause);
  }
}
