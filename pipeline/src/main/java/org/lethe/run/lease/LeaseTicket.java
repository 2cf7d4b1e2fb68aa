package org.lethe.run.lease;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;
import org.lethe.run.RunDirectory;

/**
 * A lease as another process sees it: an executor that works for the owner. Executors outlive a
 * killed driver for a while. Without this check, their tasks could write over the files of the run
 * that has taken over.
 *
 * @param directory URI of the run directory
 * @param token identifies the lease
 */
public record LeaseTicket(String directory, String token) implements Serializable {
  private static final char SEPARATOR = '#';
  private static final int READS = 20;
  private static final Duration RENEWAL = Duration.ofMillis(250);

  /** Returns the ticket of {@link #toText}. */
  public static LeaseTicket of(String text) {
    int end = text.indexOf(SEPARATOR);
    return new LeaseTicket(text.substring(end + 1), text.substring(0, end));
  }

  public String toText() {
    return token + SEPARATOR + directory;
  }

  /**
   * Returns if the lease is still held, or if the target is outside its directory.
   *
   * @param target the file that is about to be published
   * @throws org.lethe.error.LetheException CONFLICT if the lease was lost
   */
  public void confirm(Path target, Configuration hadoop) {
    RunDirectory run = RunDirectory.at(directory, hadoop);
    if (contains(run, target)) {
      Pause pause = Pause.sleeping();
      confirm(target, LeaseFile.of(run, pause), pause);
    }
  }

  void confirm(Path target, LeaseFile file, Pause pause) {
    try {
      Optional<LeaseFile.Seen> seen = file.read();
      // HDFS shows a file while its owner renews it.
      for (int i = 0; i < READS && seen.isPresent() && seen.get().isOf(""); i++) {
        pause.take(RENEWAL);
        seen = file.read();
      }
      if (seen.filter(now -> now.isOf(token)).isEmpty()) {
        throw RunErrors.lostLease(
            directory,
            seen.map(now -> now.document().describe()).orElse("'lethe unlock' or another process"),
            target.toString());
      }
    } catch (IOException e) {
      throw RunErrors.io("reading the lease of", directory, e);
    }
  }

  private static boolean contains(RunDirectory run, Path target) {
    String root = run.root().toUri().getPath();
    return run.fileSystem().makeQualified(target).toUri().getPath().startsWith(root + "/");
  }
}
