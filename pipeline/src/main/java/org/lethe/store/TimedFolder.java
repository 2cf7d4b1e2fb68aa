package org.lethe.store;

import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes folders and logs how many bytes a second the store took. */
public final class TimedFolder {
  private static final Logger LOG = LoggerFactory.getLogger(TimedFolder.class);

  private TimedFolder() {}

  /**
   * Publishes a folder in place of an existing one.
   *
   * @param files file system of the target
   */
  public static void publish(FileSystem files, Path target, FolderSource source)
      throws IOException {
    long bytes = source.bytes();
    long start = System.nanoTime();
    Publisher.of(files, target).folder(target, source);
    LOG.info("Published {}: {}", target, rate(bytes, System.nanoTime() - start));
  }

  /** Bytes, seconds and their ratio in words. */
  static String rate(long bytes, long nanos) {
    double seconds = Math.max(nanos, 1) / 1e9;
    return String.format(
        Locale.ROOT, "%.1f MB in %.1f s, %.1f MB/s", bytes / 1e6, seconds, bytes / 1e6 / seconds);
  }
}
