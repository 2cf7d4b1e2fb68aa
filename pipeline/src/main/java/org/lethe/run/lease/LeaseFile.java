package org.lethe.run.lease;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;
import org.lethe.run.RunDirectory;

/**
 * The file of a lease. Several processes may change it at the same time, and one of them wins.
 *
 * <p>Times are those of the file system's own clock, so the clocks of the hosts need not agree.
 */
interface LeaseFile {
  JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /**
   * One version of the file.
   *
   * @param version identifies the version on file systems that compare it, or empty
   * @param written time of writing, by the file system's clock
   */
  record Seen(LeaseDocument document, String version, Instant written) {
    boolean isOf(String token) {
      return document.token().equals(token);
    }
  }

  /** Returns the current version, or empty if the file does not exist. */
  Optional<Seen> read() throws IOException;

  /** Creates the file. Returns false if another process did. */
  boolean create(LeaseDocument document) throws IOException;

  /** Replaces the version that was seen. Returns false if it is not the current one any more. */
  boolean replace(Seen seen, LeaseDocument document) throws IOException;

  /** Deletes the version that was seen, if it is still the current one. */
  void delete(Seen seen) throws IOException;

  /** Current time by the file system's clock. */
  Instant now() throws IOException;

  /** Returns the lease file of a run directory. */
  static LeaseFile of(RunDirectory directory, Pause pause) {
    FileSystem files = directory.fileSystem();
    if (directory.isLocal()) {
      return new GuardedLeaseFile(directory);
    }
    return ConditionalLeaseFile.isSupported(files, directory.lockFile())
        ? new ConditionalLeaseFile(directory)
        : new ExclusiveLeaseFile(directory, pause);
  }

  /** Parses a lock file. An empty file is being written, or its writer was killed. */
  static LeaseDocument parse(Path path, byte[] bytes) {
    if (bytes.length == 0) {
      return new LeaseDocument(LeaseDocument.FORMAT, null, null, null, 0, 0);
    }
    try {
      return JSON.readValue(bytes, LeaseDocument.class);
    } catch (IOException e) {
      throw RunErrors.unreadableDocument(path.toString(), "not a lock");
    }
  }

  static byte[] bytes(LeaseDocument document) {
    try {
      return JSON.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Invalid lease", e);
    }
  }

  /** Returns the time of a file that is written now. */
  static Instant timeOfNewFile(FileSystem files, Path folder) throws IOException {
    Path probe = new Path(folder, ".lock." + UUID.randomUUID() + ".time");
    try {
      files.create(probe, true).close();
      return Instant.ofEpochMilli(files.getFileStatus(probe).getModificationTime());
    } finally {
      files.delete(probe, false);
    }
  }
}
