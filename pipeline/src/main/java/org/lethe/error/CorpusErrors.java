package org.lethe.error;

/** What can be wrong with corpora and shards. No message holds text of a row. */
public final class CorpusErrors {
  private CorpusErrors() {}

  public static LetheException cannotRead(String file, Exception cause) {
    return new LetheException(
        ExitClass.INPUT,
        "cannot read " + file + ": " + reason(cause) + "; check that it exists and is whole",
        cause);
  }

  public static LetheException cannotWrite(String file, Exception cause) {
    return new LetheException(
        ExitClass.INPUT,
        "cannot write " + file + ": " + reason(cause) + "; check space and permissions",
        cause);
  }

  private static String reason(Exception cause) {
    String message = cause.getMessage();
    if (message == null) {
      return cause.getClass().getSimpleName();
    }
    return message.lines().findFirst().orElse("");
  }
}
