package org.lethe.jobs.config;

import java.util.regex.Pattern;

/** Masks secrets in documents and messages. */
final class Secrets {
  static final String MASK = "*****";

  private static final Pattern SECRET_KEY =
      Pattern.compile(
          "(?i).*(secret|passw|credential|access[-_.]?key|api[-_.]?key|account[-_.]?key|session[-_.]?token|auth[-_.]?token).*");

  /** User information of a URI: scheme://user:password@host. */
  private static final Pattern USER_INFO = Pattern.compile("(://)[^/@\\s\"]+:[^/@\\s\"]*@");

  private Secrets() {}

  /** The value without secrets. */
  static String masked(String key, String value) {
    if (SECRET_KEY.matcher(key).matches()) {
      return MASK;
    }
    return USER_INFO.matcher(value).replaceAll("$1" + MASK + "@");
  }
}
