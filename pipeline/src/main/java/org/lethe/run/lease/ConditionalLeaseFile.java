package org.lethe.run.lease;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.run.RunDirectory;

/**
 * A lease file on an object store with conditional writes: the store itself compares the version
 * (S3A from Hadoop 3.4.2 on).
 */
final class ConditionalLeaseFile implements LeaseFile {
  /** Option of a new file: fail if the file exists. Hadoop has the constant since 3.4.2. */
  static final String IF_ABSENT = "fs.option.create.conditional.overwrite";

  /** Option of a new file: fail if the file has another ETag. */
  static final String IF_ETAG = "fs.option.create.conditional.overwrite.etag";

  private final FileSystem files;
  private final Path folder;
  private final Path file;

  ConditionalLeaseFile(RunDirectory directory) {
    this.files = directory.fileSystem();
    this.folder = directory.root();
    this.file = directory.lockFile();
  }

  static boolean isSupported(FileSystem files, Path path) {
    try {
      return files.hasPathCapability(path, IF_ABSENT) && files.hasPathCapability(path, IF_ETAG);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Optional<Seen> read() throws IOException {
    try {
      // The version comes first: if the file changes before it is read, writing fails.
      FileStatus status = files.getFileStatus(file);
      try (var in = files.open(file)) {
        return Optional.of(
            new Seen(
                LeaseFile.parse(file, in.readAllBytes()),
                ((EtagSource) status).getEtag(),
                Instant.ofEpochMilli(status.getModificationTime())));
      }
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean create(LeaseDocument document) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = files.createFile(file).overwrite(true);
    builder.must(IF_ABSENT, true);
    return write(builder, Optional.empty(), document);
  }

  @Override
  public boolean replace(Seen seen, LeaseDocument document) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = files.createFile(file).overwrite(true);
    builder.must(IF_ETAG, seen.version());
    return write(builder, Optional.of(seen.version()), document);
  }

  /**
   * @param expected version that the new one replaces, or empty for a new file
   */
  private boolean write(
      FSDataOutputStreamBuilder<?, ?> builder, Optional<String> expected, LeaseDocument document)
      throws IOException {
    try (FSDataOutputStream out = builder.build()) {
      out.write(LeaseFile.bytes(document));
      return true;
    } catch (IOException e) {
      // A refused condition and a failure look alike. The file shows which it was.
      Optional<Seen> now = read();
      if (now.map(Seen::version).equals(expected)) {
        throw e;
      }
      return now.filter(seen -> seen.document().equals(document)).isPresent();
    }
  }

  @Override
  public void delete(Seen seen) throws IOException {
    if (read().filter(now -> now.document().equals(seen.document())).isPresent()) {
      files.delete(file, false);
    }
  }

  @Override
  public Instant now() throws IOException {
    return LeaseFile.timeOfNewFile(files, folder);
  }
}
