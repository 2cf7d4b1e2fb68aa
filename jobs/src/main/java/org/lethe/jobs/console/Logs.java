package org.lethe.jobs.console;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * Where conf/log4j2.properties writes the log of this process: into the run directory when that is
 * local, into the temporary folder otherwise. It must be set before the first logger is created.
 *
 * @param where the file, for messages
 */
public record Logs(String where) {
  private static final String PROPERTY = "lethe.log";

  public static Logs none() {
    return new Logs("the log");
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
    Path folder = Paths.get(local ? directory : System.getProperty("java.io.tmpdir"));
    boolean usable = Files.isDirectory(folder) ? Files.isWritable(folder) : local;
    return usable && local
        ? folder.resolve("lethe.log")
        : Paths.get(
            System.getProperty("java.io.tmpdir"),
            "lethe-" + ProcessHandle.current().pid() + ".log");
  }
}
