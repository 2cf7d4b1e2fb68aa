package org.lethe.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Options of mounted file systems, on Linux. */
final class Mounts {
  private static final int MOUNT_POINT = 4;
  private static final int OPTIONS = 5;

  private final List<String> lines;

  private Mounts(List<String> lines) {
    this.lines = lines;
  }

  static Mounts ofProcess() {
    try {
      return of(Files.readAllLines(Path.of("/proc/self/mountinfo")));
    } catch (IOException e) {
      return of(List.of());
    }
  }

  /**
   * @param lines of mountinfo, see proc(5)
   */
  static Mounts of(List<String> lines) {
    return new Mounts(lines);
  }

  /** Whether a library cannot be loaded from a path. False where the options are not known. */
  boolean isNoexec(Path path) {
    return isNoexecAt(real(path));
  }

  /** The same for a path without links. */
  boolean isNoexecAt(Path real) {
    String options = "";
    int longest = -1;
    for (String line : lines) {
      String[] fields = line.split(" ");
      if (fields.length > OPTIONS) {
        Path point = Path.of(unescaped(fields[MOUNT_POINT]));
        // A later line with the same mount point hides an earlier one.
        if (real.startsWith(point) && point.getNameCount() >= longest) {
          longest = point.getNameCount();
          options = fields[OPTIONS];
        }
      }
    }
    return Arrays.asList(options.split(",")).contains("noexec");
  }

  /** The real path of the nearest parent that exists. */
  private static Path real(Path path) {
    Path existing = path.toAbsolutePath().normalize();
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      return existing.toRealPath();
    } catch (IOException e) {
      return existing;
    }
  }

  /** Mountinfo writes space, tab, newline and backslash as octal numbers. */
  private static String unescaped(String text) {
    return text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
