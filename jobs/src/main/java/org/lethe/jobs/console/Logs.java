package org.lethe.jobs.console;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.lethe.platform.UserFolder;

/**
 * Where conf/log4j2.properties writes the log of this process: into the run directory when that is
 * local, into a folder that only the user can read otherwise. It must be set before the first
 * logger is created.
 *
 * @param where the file, for messages
 */
public record Logs(String where) {
  private static final String PROPERTY = "lethe.log";
  private static final String PATTERN = "lethe.log.pattern";

  /** How a line of the log is written. */
  public enum Format {
    TEXT,
    JSON
  }

  /** Chooses how lines are written, before the first logger exists. */
  public static void use(Format format) {
    if (format == Format.JSON && System.getProperty(PATTERN) == null) {
      System.setProperty(
          PATTERN,
          "{\"time\":\"%d{yyyy-MM-dd'T'HH:mm:ss.SSS}{UTC}Z\",\"level\":\"%p\",\"logger\":\"%c\","
              + "\"thread\":\"%enc{%t}{JSON}\",\"message\":\"%enc{%m}{JSON}\"}%n%ex{0}");
    }
  }

  /** Chooses a file for a command without a run directory. */
  public static Logs begin() {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, elsewhere().toString());
    }
    return new Logs(System.getProperty(PROPERTY));
  }

  /** The file that was chosen, if one was. */
  public static Logs current() {
    return new Logs(System.getProperty(PROPERTY, "the log"));
  }

  /**
   * Chooses the file, unless one was chosen before.
   *
   * @param directory of the run, path or URI
   */
  public static Logs begin(String directory) {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, file(directory).toString());
    }
    return new Logs(System.getProperty(PROPERTY));
  }

  private static Path file(String directory) {
    boolean local = !directory.contains("://") && !directory.startsWith("file:");
    if (directory.startsWith("file:")) {
      directory = directory.replaceFirst("^file:(//)?", "");
      local = true;
    }
    if (local) {
      Path folder = Paths.get(directory);
      if (!Files.isDirectory(folder) || Files.isWritable(folder)) {
        return folder.resolve("lethe.log");
      }
    }
    return elsewhere();
  }

  /** The file of a process whose run directory holds no log. */
  private static Path elsewhere() {
    return UserFolder.of("logs").resolve("lethe-" + ProcessHandle.current().pid() + ".log");
  }
}
