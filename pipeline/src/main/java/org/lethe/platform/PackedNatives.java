package org.lethe.platform;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The native libraries of linear algebra as the jar of a cluster contains them, compressed by
 * Zstandard: a half of what they take in a usual jar. {@link #prepare} unpacks them once for each
 * user and machine.
 *
 * <p>Logs nothing: it runs before the log of the process has a place.
 */
public final class PackedNatives {
  /** Where JavaCPP looks for libraries that no jar contains. */
  private static final String LINK_PATH = "org.bytedeco.javacpp.platform.linkpath";

  /** Folder of the packed libraries in a jar. */
  static final String ROOT = "org/lethe/natives/";

  /** Groups of libraries that do not depend on the processor. */
  static final String OPENBLAS = "openblas";

  static final String ONEDNN = "onednn";

  private static final String INDEX = "index";

  private PackedNatives() {}

  /** A line of the index. */
  private sealed interface Entry {
    String name();

    static Entry of(String line) {
      String[] words = line.split(" ");
      return words.length == 2
          ? new Link(words[0], words[1])
          : new Library(words[0], Long.parseLong(words[1]), words[2]);
    }
  }

  /** A library: name, bytes, SHA-256 of its packed form. */
  private record Library(String name, long bytes, String digest) implements Entry {}

  /** Another name of a library. */
  private record Link(String name, String library) implements Entry {}

  private static List<Library> libraries(List<Entry> entries) {
    return entries.stream()
        .flatMap(entry -> entry instanceof Library library ? Stream.of(library) : Stream.empty())
        .toList();
  }

  /**
   * Unpacks the libraries of a platform, if this program's jar contains them, and lets JavaCPP find
   * them. Must run before ND4J loads.
   *
   * @param platform JavaCPP's name of platform and extension, such as {@code
   *     linux-x86_64-onednn-avx512}
   */
  public static void prepare(String platform) {
    prepare(platform, PackedNatives.class.getClassLoader());
  }

  static void prepare(String platform, ClassLoader jars) {
    if (System.getProperty(LINK_PATH) == null) {
      String found =
          Stream.of(platform, OPENBLAS)
              .flatMap(group -> folder(group, jars).stream())
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator));
      if (!found.isEmpty()) {
        System.setProperty(LINK_PATH, found);
      }
    }
  }

  /** The folder with a group of unpacked libraries, if this program's jar contains them. */
  static Optional<Path> folder(String group) {
    return folder(group, PackedNatives.class.getClassLoader());
  }

  private static Optional<Path> folder(String platform, ClassLoader jars) {
    List<Entry> entries = index(platform, jars);
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    try {
      Library largest =
          Collections.max(libraries(entries), Comparator.comparingLong(Library::bytes));
      Path folder = NativeFolders.ofNd4j().resolve("lethe-" + largest.digest());
      Path unpacked = folder.resolve(platform);
      if (!isComplete(unpacked, entries)) {
        unpack(platform, entries, jars, unpacked);
      }
      return Optional.of(unpacked);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Entry> index(String platform, ClassLoader jars) {
    try (InputStream input = jars.getResourceAsStream(ROOT + platform + "/" + INDEX)) {
      if (input == null) {
        return List.of();
      }
      return new BufferedReader(new InputStreamReader(input, StandardCharsets.US_ASCII))
          .lines()
          .map(Entry::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isComplete(Path folder, List<Entry> entries) throws IOException {
    for (Library library : libraries(entries)) {
      Path file = folder.resolve(library.name());
      if (!Files.isRegularFile(file) || Files.size(file) != library.bytes()) {
        return false;
      }
    }
    return true;
  }

  /** Unpacks beside the folder and renames, since other processes may do the same. */
  private static void unpack(String platform, List<Entry> entries, ClassLoader jars, Path folder)
      throws IOException {
    Files.createDirectories(folder.getParent());
    Path temporary = Files.createTempDirectory(folder.getParent(), "unpacking-");
    try {
      for (Entry entry : entries) {
        Path file = temporary.resolve(entry.name());
        if (entry instanceof Link link) {
          Files.createSymbolicLink(file, Path.of(link.library()));
        } else {
          copy(ROOT + platform + "/" + entry.name() + ".zst", jars, file);
        }
      }
      delete(folder);
      Files.move(temporary, folder);
    } catch (FileSystemException e) {
      if (!isComplete(folder, entries)) {
        throw e;
      }
      // Another process was first.
    } finally {
      delete(temporary);
    }
  }

  private static void copy(String packedName, ClassLoader jars, Path file) throws IOException {
    try (InputStream packed = jars.getResourceAsStream(packedName);
        InputStream plain = new ZstdInputStream(packed)) {
      Files.copy(plain, file);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(all::add);
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  /** JavaCPP's name of this platform, if the jar of a cluster can hold its libraries. */
  public static Optional<String> platform() {
    boolean linux = System.getProperty("os.name").equals("Linux");
    boolean x86 = System.getProperty("os.arch").equals("amd64");
    return linux && x86 ? Optional.of("linux-x86_64") : Optional.empty();
  }
}
