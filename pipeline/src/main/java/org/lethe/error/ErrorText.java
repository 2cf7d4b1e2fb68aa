package org.lethe.error;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Shortens values that come from files or from exceptions, so that they fit into a message. */
final class ErrorText {
  private static final int LONGEST_NAME = 120;
  private static final int LONGEST_LIST = 8;

  private ErrorText() {}

  /**
   * Returns a text without control characters, which a hostile file could use to forge log lines.
   */
  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  /** Returns a name in quotes, on one line and cut to a length that a message can hold. */
  static String quoted(String name) {
    String clean = oneLine(name);
    boolean fits = clean.length() <= LONGEST_NAME;
    return "'" + (fits ? clean : clean.substring(0, LONGEST_NAME) + "...") + "'";
  }

  /** Returns the first names of a list, and how many more there are. */
  static String listed(List<String> names) {
    int shown = Math.min(names.size(), LONGEST_LIST);
    String list =
        String.join(", ", names.subList(0, shown).stream().map(ErrorText::oneLine).toList());
    return names.size() > shown ? list + " and " + (names.size() - shown) + " more" : list;
  }

  /** Returns the kind of an exception and its whole message, on one line. */
  static String reason(Throwable cause) {
    String message = cause.getMessage();
    return cause.getClass().getSimpleName() + (message == null ? "" : " " + oneLine(message));
  }

  /** Returns the kind of an exception and the first line of its message. */
  static String firstLine(Throwable cause) {
    return (cause.getClass().getSimpleName() + ": " + cause.getMessage()).lines().findFirst().get();
  }

  /** Returns the messages of an exception and its causes, on one line, without repetitions. */
  static String roots(Throwable failure) {
    Set<String> reasons = new LinkedHashSet<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = failure; t != null && seen.add(t); t = t.getCause()) {
      // Wrappers repeat their cause in their message.
      if (t.getCause() == null
          || !String.valueOf(t.getMessage()).contains(t.getCause().toString())) {
        reasons.add(reason(t));
      }
    }
    return String.join(", by ", reasons);
  }
}
