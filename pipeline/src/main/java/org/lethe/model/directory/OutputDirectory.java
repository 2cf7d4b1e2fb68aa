package org.lethe.model.directory;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.lethe.error.ModelDirectoryErrors;
import org.lethe.store.FileSystems;
import org.lethe.store.FolderSource;
import org.lethe.store.Ownership;
import org.lethe.store.TimedFolder;

/**
 * Writes a directory at a Hadoop address: fills a local directory, then publishes it. On a local
 * disk it appears as a whole.
 */
final class OutputDirectory {
  private OutputDirectory() {}

  /**
   * Writes a directory.
   *
   * @param hadoop configuration of the file systems
   * @param fill writes the files into the given empty local directory
   */
  static void write(URI target, Configuration hadoop, Consumer<Path> fill) {
    try {
      if (target.getScheme() == null || target.getScheme().equals("file")) {
        writeLocal(Path.of(target.getPath()), fill);
      } else {
        writeRemote(target, hadoop, fill);
      }
    } catch (IOException e) {
      throw ModelDirectoryErrors.cannotWrite(target, e);
    }
  }

  private static void writeLocal(Path target, Consumer<Path> fill) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path aside = parent.resolve("." + target.getFileName() + "." + UUID.randomUUID());
    Files.createDirectory(aside);
    Path old = parent.resolve("." + target.getFileName() + ".old-" + UUID.randomUUID());
    try {
      fill.accept(aside);
      sync(aside);
      Ownership.check(new org.apache.hadoop.fs.Path(target.toUri()));
      if (Files.exists(target)) {
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
      force(parent);
    } finally {
      ModelCache.deleteTree(aside);
      ModelCache.deleteTree(old);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        force(file);
      }
    }
    force(directory);
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void writeRemote(URI target, Configuration hadoop, Consumer<Path> fill)
      throws IOException {
    Path local = Files.createTempDirectory("lethe-output-");
    try {
      fill.accept(local);
      org.apache.hadoop.fs.Path goal = new org.apache.hadoop.fs.Path(target);
      org.apache.hadoop.fs.Path filled = new org.apache.hadoop.fs.Path(local.toUri());
      TimedFolder.publish(
          FileSystems.of(goal, hadoop),
          goal,
          FolderSource.of(
              FileSystems.of(filled, hadoop),
              filled,
              name -> true,
              ModelDirectory.READ_FIRST,
              () -> {}));
    } finally {
      ModelCache.deleteTree(local);
    }
  }
}
