package org.lethe.run;

import java.util.regex.Pattern;
import org.lethe.error.RunErrors;

/** Checks names that become part of a path: run ids, request ids, stages. */
final class Names {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private Names() {}

  /**
   * Returns the name if it is safe in a path.
   *
   * @param what kind of name, for the message
   */
  static String checked(String what, String name) {
    if (!SAFE.matcher(name).matches() || name.contains("..")) {
      throw RunErrors.invalidName(what, name);
    }
    return name;
  }

  /** Returns a relative path from a manifest if no part of it leads out of the folder. */
  static String checkedRelative(String path, String root) {
    boolean escapes =
        path.isEmpty()
            || path.startsWith("/")
            || path.contains("\\")
            || path.contains(":")
            || path.contains("%")
            || path.chars().anyMatch(Character::isISOControl);
    for (String part : path.split("/", -1)) {
      escapes |= part.isEmpty() || part.equals(".") || part.equals("..");
    }
    if (escapes) {
      throw RunErrors.pathEscapes(path, root);
    }
    return path;
  }
}
