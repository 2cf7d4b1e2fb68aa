package org.lethe.run.lease;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.lethe.run.RunDirectory;

/**
 * A lease file on a local disk. The operating system locks a second file while a process compares
 * and writes, also between containers that share the disk.
 */
final class GuardedLeaseFile implements LeaseFile {
  private final RunDirectory directory;
  private final Path file;
  private final Path guard;

  GuardedLeaseFile(RunDirectory directory) {
    this.directory = directory;
    this.file = Path.of(directory.lockFile().toUri().getPath());
    this.guard = file.resolveSibling(".lock.guard");
  }

  @Override
  public Optional<Seen> read() throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return Optional.of(
          new Seen(
              LeaseFile.parse(directory.lockFile(), bytes),
              "",
              Files.getLastModifiedTime(file).toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean create(LeaseDocument document) throws IOException {
    return guarded(() -> read().filter(GuardedLeaseFile::isComplete).isEmpty() && write(document));
  }

  /** A writer that was killed leaves an empty file. Nobody else writes while the guard is held. */
  private static boolean isComplete(Seen seen) {
    return !seen.document().token().isEmpty() || seen.document().owner().pid() != 0;
  }

  @Override
  public boolean replace(Seen seen, LeaseDocument document) throws IOException {
    return guarded(() -> isCurrent(seen) && write(document));
  }

  @Override
  public void delete(Seen seen) throws IOException {
    guarded(() -> isCurrent(seen) && Files.deleteIfExists(file));
  }

  @Override
  public Instant now() throws IOException {
    return LeaseFile.timeOfNewFile(directory.fileSystem(), directory.root());
  }

  private boolean isCurrent(Seen seen) throws IOException {
    return read().filter(now -> now.document().equals(seen.document())).isPresent();
  }

  private boolean write(LeaseDocument document) throws IOException {
    Path aside = file.resolveSibling(".lock.aside");
    Files.write(aside, LeaseFile.bytes(document));
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  private interface Section {
    boolean run() throws IOException;
  }

  /** Runs a section that no other thread or process of this machine executes at the same time. */
  private boolean guarded(Section section) throws IOException {
    synchronized (GuardedLeaseFile.class) {
      try (FileChannel channel =
              FileChannel.open(guard, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        return held.isValid() && section.run();
      }
    }
  }
}
