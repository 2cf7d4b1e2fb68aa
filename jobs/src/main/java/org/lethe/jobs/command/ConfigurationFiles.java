package org.lethe.jobs.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.lethe.error.ConfigErrors;
import org.lethe.error.RunErrors;
import org.lethe.platform.UserFolder;
import org.lethe.store.FileSystems;

/**
 * The files of {@code --config}: paths of this machine, or URIs of any file system. A file of
 * another file system is copied into a private folder, which the end of the process removes.
 */
final class ConfigurationFiles {
  private static final Pattern URI_TEXT = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:/.*");

  private ConfigurationFiles() {}

  /**
   * Returns a file of this machine with the contents.
   *
   * @throws org.lethe.error.LetheException USAGE if it cannot be read, PLATFORM if its file system
   *     is not available
   */
  static Path local(String file) {
    if (!URI_TEXT.matcher(file).matches()) {
      return Path.of(file);
    }
    if (file.startsWith("file:")) {
      return Path.of(new org.apache.hadoop.fs.Path(file).toUri().getPath());
    }
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(file);
    try (InputStream in = FileSystems.of(source, HadoopSettings.of(Map.of())).open(source)) {
      Path folder = Files.createTempDirectory(UserFolder.of("conf"), "conf-");
      Path copy = folder.resolve(source.getName());
      Files.copy(in, copy);
      // In the reverse order of these calls.
      folder.toFile().deleteOnExit();
      copy.toFile().deleteOnExit();
      return copy;
    } catch (IOException e) {
      throw ConfigErrors.unreadable(file, RunErrors.io("reading", "it", e).getMessage());
    }
  }
}
