package org.lethe.run.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.store.MemoryFileSystem;

/** One store as several hosts see it, with a clock that the test moves. */
abstract class LeaseSite {
  static final Duration MINUTE = Duration.ofMinutes(1);
  static final Pause NONE = duration -> {};

  /** Owners on other hosts; their processes cannot be seen from here. */
  final LeaseOwner first = owner("pod-1");

  final LeaseOwner second = owner("pod-2");
  final List<Runnable> beats = new ArrayList<>();

  abstract RunDirectory directory();

  abstract void advance(Duration duration) throws IOException;

  /** Opens the directory as another process does. */
  Lease acquire(LeaseOwner owner) {
    return acquire(owner, () -> {});
  }

  Lease acquire(LeaseOwner owner, Runnable whenLost) {
    return Lease.acquire(
        directory(),
        LeaseFile.of(directory(), NONE),
        owner,
        MINUTE,
        (interval, beat) -> {
          assertThat(interval).isEqualTo(Duration.ofSeconds(10));
          beats.add(beat);
          return () -> {};
        },
        whenLost);
  }

  String unlock(Pause pause) {
    return Lease.unlock(
        directory(), LeaseFile.of(directory(), pause), owner("administrator"), pause);
  }

  boolean exists() {
    return Documents.exists(directory().fileSystem(), directory().lockFile());
  }

  static LeaseOwner owner(String host) {
    return new LeaseOwner(host, "boot " + host, 7, "2026-01-01T00:00:00Z", "");
  }

  /** One store of each kind. */
  static Stream<LeaseSite> sites(Path folder) {
    return Stream.of(
        new Local(folder),
        new Memory("HDFS", MemoryFileSystem.HDFS),
        new Memory("rename throws", MemoryFileSystem.STRICT),
        new Memory("S3A", MemoryFileSystem.S3A),
        new Memory("older S3A", MemoryFileSystem.OLD_S3A));
  }

  static final class Memory extends LeaseSite {
    private final String name;
    private final MemoryFileSystem files;

    Memory(String name, Set<MemoryFileSystem.Trait> traits) {
      this.name = name;
      this.files = new MemoryFileSystem(traits);
    }

    @Override
    RunDirectory directory() {
      return RunDirectory.at(new org.apache.hadoop.fs.Path("memory://store/run"), files);
    }

    @Override
    void advance(Duration duration) {
      files.advance(duration);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static final class Local extends LeaseSite {
    final Path run;

    /** A new run directory in the folder. */
    Local(Path folder) {
      run = folder.resolve("run-" + UUID.randomUUID());
    }

    @Override
    RunDirectory directory() {
      return RunDirectory.at(run.toString(), new Configuration());
    }

    /** Moves the lock into the past, because nobody can move the disk's clock. */
    @Override
    void advance(Duration duration) throws IOException {
      Path lock = run.resolve("lock.json");
      Files.setLastModifiedTime(
          lock, FileTime.from(Files.getLastModifiedTime(lock).toInstant().minus(duration)));
    }

    @Override
    public String toString() {
      return "local";
    }
  }
}
