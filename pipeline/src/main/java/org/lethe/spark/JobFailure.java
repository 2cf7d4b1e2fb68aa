package org.lethe.spark;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reason of a failed job, from the message of a SparkException. Messages of tasks may quote a
 * row, so only their place and class are kept.
 */
final class JobFailure {
  private static final Pattern TASK = Pattern.compile("Lost task .*? \\([^)]* executor [^)]*\\)");

  /** A class name after the place, before a message. */
  private static final Pattern THROWN = Pattern.compile("\\G: ((?:[a-zA-Z_$][\\w$]*\\.)+[\\w$]+)");

  private static final Pattern FRAME = Pattern.compile("\\bat (org\\.lethe\\.[\\w.$]+\\([^)]*\\))");

  private JobFailure() {}

  static String reason(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = String.valueOf(thrown.getMessage());
    Matcher task = TASK.matcher(text);
    if (!task.find()) {
      return root.getClass().getName() + frame(root).map(at -> " at " + at).orElse("");
    }
    Matcher type = THROWN.matcher(text);
    String name =
        root != thrown
            ? root.getClass().getName()
            : type.find(task.end()) ? type.group(1) : "an unknown exception";
    Matcher quoted = FRAME.matcher(text);
    String at =
        frame(root)
            .or(() -> quoted.find() ? Optional.of(quoted.group(1)) : Optional.empty())
            .map(place -> " at " + place)
            .orElse("");
    return name + at + " (" + task.group() + ")";
  }

  private static Optional<String> frame(Throwable thrown) {
    for (StackTraceElement element : thrown.getStackTrace()) {
      if (element.getClassName().startsWith("org.lethe.")) {
        return Optional.of(element.toString());
      }
    }
    return Optional.empty();
  }
}
