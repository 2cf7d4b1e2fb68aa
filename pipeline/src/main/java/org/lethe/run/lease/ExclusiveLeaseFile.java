package org.lethe.run.lease;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.run.RunDirectory;

/**
 * A lease file on a file system with an exclusive create, such as HDFS.
 *
 * <p>Some object stores check and write in two steps. Therefore a new owner waits, and reads the
 * file again: the last writer wins, and every other one finds a foreign token.
 */
final class ExclusiveLeaseFile implements LeaseFile {
  /** Longer than the time between another process's check and its write. */
  static final Duration SETTLING = Duration.ofSeconds(2);

  private final FileSystem files;
  private final Path folder;
  private final Path file;
  private final Pause pause;

  ExclusiveLeaseFile(RunDirectory directory, Pause pause) {
    this.files = directory.fileSystem();
    this.folder = directory.root();
    this.file = directory.lockFile();
    this.pause = pause;
  }

  @Override
  public Optional<Seen> read() throws IOException {
    try (var in = files.open(file)) {
      byte[] bytes = in.readAllBytes();
      FileStatus status = files.getFileStatus(file);
      return Optional.of(
          new Seen(
              LeaseFile.parse(file, bytes),
              "",
              Instant.ofEpochMilli(status.getModificationTime())));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean create(LeaseDocument document) throws IOException {
    try (OutputStream out = files.create(file, false)) {
      out.write(LeaseFile.bytes(document));
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    pause.take(SETTLING);
    return read().filter(seen -> seen.isOf(document.token())).isPresent();
  }

  @Override
  public boolean replace(Seen seen, LeaseDocument document) throws IOException {
    if (seen.isOf(document.token())) {
      if (!isCurrent(seen)) {
        return false;
      }
      try (OutputStream out = files.create(file, true)) {
        out.write(LeaseFile.bytes(document));
      }
      return true;
    }
    // The name contains the old token, so only one process can move this version away.
    Path old = new Path(folder, ".lock." + token(seen) + ".old");
    return move(old) && create(document);
  }

  @Override
  public void delete(Seen seen) throws IOException {
    if (isCurrent(seen)) {
      files.delete(file, false);
      for (FileStatus status : files.listStatus(folder)) {
        String name = status.getPath().getName();
        if (name.startsWith(".lock.") && name.endsWith(".old")) {
          files.delete(status.getPath(), false);
        }
      }
    }
  }

  @Override
  public Instant now() throws IOException {
    return LeaseFile.timeOfNewFile(files, folder);
  }

  private boolean move(Path old) throws IOException {
    try {
      return files.rename(file, old);
    } catch (FileAlreadyExistsException | FileNotFoundException e) {
      return false;
    }
  }

  private boolean isCurrent(Seen seen) throws IOException {
    return read().filter(now -> now.document().equals(seen.document())).isPresent();
  }

  private static String token(Seen seen) {
    String token = seen.document().token();
    return token.isEmpty() ? String.valueOf(seen.written().toEpochMilli()) : token;
  }
}
