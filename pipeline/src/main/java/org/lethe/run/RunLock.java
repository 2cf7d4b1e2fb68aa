package org.lethe.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exclusive lock of a run directory: a file that names its owner. There is no heartbeat. A new run
 * takes over the lock of an owner that has certainly ended. That is so if its process on this
 * machine is gone, if it was an earlier attempt of the same cluster application, or if it ran on
 * another machine and nothing in the directory has been written for longer than {@code idle}. Any
 * other owner is a conflict.
 *
 * <p>On a local disk, an operating system lock guards the check and the creation, so exactly one of
 * several processes wins. On other file systems the exclusive create decides, and the file is read
 * back.
 */
public final class RunLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  private final RunDirectory directory;
  private final LockOwner owner;

  private RunLock(RunDirectory directory, LockOwner owner) {
    this.directory = directory;
    this.owner = owner;
  }

  /**
   * Locks the directory. Creates it if it does not exist.
   *
   * @param application the cluster's application id, if there is one
   * @param idle time without writes after which a lock of another machine is stale
   * @throws LetheException CONFLICT if another owner holds the lock
   */
  public static RunLock acquire(
      RunDirectory directory, Optional<String> application, Duration idle) {
    LockOwner self = LockOwner.self(application);
    try {
      directory.fileSystem().mkdirs(directory.root());
      if (directory.isLocal()) {
        guarded(directory, () -> take(directory, self, idle));
      } else {
        take(directory, self, idle);
      }
    } catch (IOException e) {
      throw RunErrors.io("locking", directory.toString(), e);
    }
    return new RunLock(directory, self);
  }

  /** Releases the directory. Keeps the lock file if another owner has taken over. */
  @Override
  public void close() {
    try {
      if (read(directory).filter(owner::equals).isPresent()) {
        directory.fileSystem().delete(directory.lockFile(), false);
      }
    } catch (IOException | LetheException e) {
      LOG.warn("Cannot delete {}; the next run takes it over", directory.lockFile());
    }
  }

  private static void take(RunDirectory directory, LockOwner self, Duration idle)
      throws IOException {
    if (create(directory, self)) {
      return;
    }
    Optional<LockOwner> holder = read(directory);
    if (holder.isPresent()) {
      LockOwner other = holder.get();
      // Nobody writes while the guard is held, so a killed process left the empty file.
      boolean interrupted = other.equals(LockOwner.UNKNOWN) && directory.isLocal();
      if (!interrupted && !other.isSurelyGone(self) && !isIdle(directory, other, self, idle)) {
        throw conflict(directory, other.describe());
      }
      LOG.warn("Taking over the run directory from {}, which has ended", other.describe());
      if (!read(directory).equals(holder)) {
        throw conflict(directory, "another process, which took it over at the same time");
      }
      directory.fileSystem().delete(directory.lockFile(), false);
    }
    if (!create(directory, self) || !read(directory).equals(Optional.of(self))) {
      throw conflict(directory, "another process, which took it at the same time");
    }
  }

  private static boolean create(RunDirectory directory, LockOwner self) throws IOException {
    try (OutputStream out = directory.fileSystem().create(directory.lockFile(), false)) {
      out.write(Documents.JSON.writeValueAsBytes(self));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /**
   * Returns the owner in the lock file, or empty if there is no file. An empty file has an unknown
   * owner.
   */
  private static Optional<LockOwner> read(RunDirectory directory) throws IOException {
    try (var in = directory.fileSystem().open(directory.lockFile())) {
      byte[] bytes = in.readAllBytes();
      if (bytes.length == 0) {
        return Optional.of(LockOwner.UNKNOWN);
      }
      return Optional.of(Documents.JSON.readValue(bytes, LockOwner.class));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw RunErrors.unreadableDocument(directory.lockFile().toString(), "not a lock");
    }
  }

  private static boolean isIdle(
      RunDirectory directory, LockOwner other, LockOwner self, Duration idle) throws IOException {
    if (other.host().equals(self.host())) {
      return false;
    }
    Instant newest = newestWrite(directory.fileSystem(), directory.root(), 2);
    return newest.plus(idle).isBefore(Instant.now());
  }

  private static Instant newestWrite(FileSystem fileSystem, Path folder, int depth)
      throws IOException {
    Instant newest = Instant.EPOCH;
    for (FileStatus status : fileSystem.listStatus(folder)) {
      Instant written = Instant.ofEpochMilli(status.getModificationTime());
      if (status.isDirectory() && depth > 0) {
        Instant below = newestWrite(fileSystem, status.getPath(), depth - 1);
        written = below.isAfter(written) ? below : written;
      }
      newest = written.isAfter(newest) ? written : newest;
    }
    return newest;
  }

  private static LetheException conflict(RunDirectory directory, String holder) {
    return RunErrors.inUse(directory.toString(), holder, directory.lockFile().toString());
  }

  private interface Section {
    void run() throws IOException;
  }

  /** Runs a section that no other thread or process of this machine executes at the same time. */
  private static void guarded(RunDirectory directory, Section section) throws IOException {
    java.nio.file.Path guard =
        java.nio.file.Path.of(directory.root().toUri().getPath(), ".lock.guard");
    synchronized (RunLock.class) {
      try (FileChannel channel =
              FileChannel.open(guard, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        if (held.isValid()) {
          section.run();
        }
      }
    }
  }
}
