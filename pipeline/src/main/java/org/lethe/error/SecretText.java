package org.lethe.error;

import java.util.regex.Pattern;

/** Masks secrets that a URI or a command may hold. Every message of a failure passes through it. */
public final class SecretText {
  /** Stands in place of a secret. */
  public static final String MASK = "*****";

  /** Parts of names whose values are secrets; a pattern without regard to case. */
  public static final String WORDS =
      "secret|passw|credential|token|signature|(?:access|api|account|private|encryption)[-_.]?key";

  /** User information of a URI: scheme://user:password@host. */
  private static final Pattern USER_INFO = Pattern.compile("(://)[^/@\\s\"]+:[^/@\\s\"]*@");

  /** A parameter of a URI, such as the signature of a presigned address; Hadoop encodes the "?". */
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)((?:[?&]|%3F|%26)[\\w.-]*(?:sig|key|" + WORDS + ")[\\w.-]*=)[^&\\s\"]+");

  /** A flag of a command with its value, in text or in a list. */
  private static final Pattern FLAG =
      Pattern.compile(
          "(?i)(?<![\\w])(--?[\\w.-]*(?:key|"
              + WORDS
              + ")[\\w.-]*(?:=|\\s+|\"\\s*,\\s*\"))[^\\s\",\\]]+");

  private SecretText() {}

  /** Returns a text without the secrets of its URIs and flags. */
  public static String masked(String text) {
    String clean = USER_INFO.matcher(text).replaceAll("$1" + MASK + "@");
    clean = PARAMETER.matcher(clean).replaceAll("$1" + MASK);
    return FLAG.matcher(clean).replaceAll("$1" + MASK);
  }
}
