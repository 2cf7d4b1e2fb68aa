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
import org.apache.hadoop.fs.FileSystem;
import org.lethe.error.ModelDirectoryErrors;

/**
 * Writes a directory at a Hadoop address that appears as a whole or not at all: fills a temporary
 * directory, then renames it. An existing directory is kept until the new one is complete.
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
      FileSystem fileSystem = goal.getFileSystem(hadoop);
      String id = UUID.randomUUID().toString();
      org.apache.hadoop.fs.Path aside = goal.suffix(".aside-" + id);
      org.apache.hadoop.fs.Path old = goal.suffix(".old-" + id);
      fileSystem.mkdirs(aside);
      try (Stream<Path> files = Files.list(local)) {
        for (Path file : files.sorted().toList()) {
          fileSystem.copyFromLocalFile(new org.apache.hadoop.fs.Path(file.toUri()), aside);
        }
      }
      if (fileSystem.exists(goal)) {
        rename(fileSystem, goal, old);
      }
      rename(fileSystem, aside, goal);
      fileSystem.delete(old, true);
    } finally {
      ModelCache.deleteTree(local);
    }
  }

  private static void rename(
      FileSystem fileSystem, org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
      throws IOException {
    if (!fileSystem.rename(from, to)) {
      throw new IOException("rename of " + from + " to " + to + " was refused");
    }
  }
}
