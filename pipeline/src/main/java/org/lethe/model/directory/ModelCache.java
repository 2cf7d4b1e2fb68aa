package org.lethe.model.directory;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.lethe.error.ModelDirectoryErrors;
import org.lethe.platform.UserFolder;
import org.lethe.store.FileSystems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Local copies of models on remote file systems. Memory mapping needs a local file.
 *
 * <p>The name of a copy is derived from the address and from each file's name, length and time, so
 * a changed model gets its own copy. A copy is written to a temporary folder and renamed when it is
 * complete, so that processes may race for it. It holds the SHA-256 of its files, computed while
 * they are copied. The first use in a process checks them and replaces a copy that does not match.
 */
public final class ModelCache {
  private static final Logger log = LoggerFactory.getLogger(ModelCache.class);
  private static final String DIGESTS = ".lethe-digests.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Supplier<Path> root;
  private final Configuration hadoop;
  private final Set<Path> checked = ConcurrentHashMap.newKeySet();

  /**
   * @param root local directory of all copies
   * @param hadoop configuration of the file systems
   */
  public ModelCache(Path root, Configuration hadoop) {
    this(() -> root, hadoop);
  }

  private ModelCache(Supplier<Path> root, Configuration hadoop) {
    this.root = root;
    this.hadoop = hadoop;
  }

  /**
   * Returns the cache of this process.
   *
   * @param folder as configured; empty for a folder that only the user can read
   */
  public static ModelCache in(String folder, Configuration hadoop) {
    return new ModelCache(
        () -> folder.isEmpty() ? UserFolder.of("models") : Path.of(folder), hadoop);
  }

  /** Returns the local directory of a model: the model itself or its copy. */
  public Path localCopy(URI model) {
    if (model.getScheme() == null || model.getScheme().equals("file")) {
      return Path.of(model.getPath());
    }
    try {
      org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(model);
      FileSystem fileSystem = FileSystems.of(source, hadoop);
      if (!fileSystem.exists(source) || !fileSystem.getFileStatus(source).isDirectory()) {
        throw ModelDirectoryErrors.noDirectory(model);
      }
      return localCopy(model, fileSystem, fileSystem.listStatus(source));
    } catch (IOException | IllegalArgumentException e) {
      throw ModelDirectoryErrors.unreadable(model, e);
    }
  }

  private Path localCopy(URI model, FileSystem fileSystem, FileStatus[] files) throws IOException {
    Path copy = root.get().resolve(key(model, files));
    synchronized (this) {
      if (checked.contains(copy)) {
        return copy;
      }
      if (Files.isDirectory(copy) && !matches(copy)) {
        log.warn("Cached copy {} does not match its digests; copying again", copy);
        deleteTree(copy);
      }
      if (!Files.isDirectory(copy)) {
        fetch(model, fileSystem, files, copy);
      }
      checked.add(copy);
      return copy;
    }
  }

  private static String key(URI model, FileStatus[] files) {
    SortedMap<String, String> described = new TreeMap<>();
    for (FileStatus file : files) {
      described.put(file.getPath().getName(), file.getLen() + "@" + file.getModificationTime());
    }
    MessageDigest digest = FileDigests.sha256();
    digest.update(model.normalize().toString().getBytes(StandardCharsets.UTF_8));
    digest.update(described.toString().getBytes(StandardCharsets.UTF_8));
    return FileDigests.hex(digest);
  }

  private void fetch(URI model, FileSystem fileSystem, FileStatus[] files, Path copy)
      throws IOException {
    Path folder = copy.getParent();
    Files.createDirectories(folder);
    Path aside = folder.resolve(".aside-" + UUID.randomUUID());
    Files.createDirectory(aside, UserFolder.attributes(folder));
    try {
      SortedMap<String, String> digests = new TreeMap<>();
      for (FileStatus file : files) {
        if (file.isFile()) {
          String name = file.getPath().getName();
          digests.put(name, fetch(model, fileSystem, file, aside.resolve(name)));
        }
      }
      Files.write(aside.resolve(DIGESTS), JSON.writeValueAsBytes(digests));
      Files.move(aside, copy, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(copy)) {
        throw e;
      }
      log.debug("Another process made {} first", copy);
    } finally {
      deleteTree(aside);
    }
  }

  private static String fetch(URI model, FileSystem fileSystem, FileStatus file, Path target)
      throws IOException {
    MessageDigest digest = FileDigests.sha256();
    long bytes;
    try (InputStream in = new DigestInputStream(fileSystem.open(file.getPath()), digest);
        OutputStream out = Files.newOutputStream(target)) {
      bytes = in.transferTo(out);
    }
    if (bytes != file.getLen()) {
      throw ModelDirectoryErrors.changedWhileCopied(model, file.getPath().getName());
    }
    return FileDigests.hex(digest);
  }

  private static boolean matches(Path copy) {
    try {
      Map<String, String> digests =
          JSON.readValue(
              Files.readAllBytes(copy.resolve(DIGESTS)),
              new TypeReference<TreeMap<String, String>>() {});
      return digests.entrySet().stream()
          .allMatch(
              entry -> {
                Path file = copy.resolve(entry.getKey());
                return Files.isRegularFile(file)
                    && FileDigests.ofFile(file).equals(entry.getValue());
              });
    } catch (IOException e) {
      return false;
    }
  }

  static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
