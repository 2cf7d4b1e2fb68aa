package org.lethe.platform;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;

/**
 * Packs the native libraries of linear algebra for {@link PackedNatives}. The build of the jar runs
 * it.
 */
public final class NativePacking {
  /**
   * Libraries that are packed together.
   *
   * @param name of the folder of the packed libraries
   * @param folder of the jar that has the libraries
   * @param library that tells the jar
   * @param files beginning of their names
   * @param links other names of libraries: the new one, a space, the library's
   */
  private record Group(
      String name, String folder, String library, String files, List<String> links) {
    static Group ofNd4j(String platform) {
      String folder = "org/nd4j/linalg/cpu/nativecpu/bindings/" + platform + "/";
      return new Group(platform, folder, "libnd4jcpu.so", "lib", List.of());
    }

    boolean contains(String entry) {
      String file = file(entry);
      return entry.equals(folder + file) && file.startsWith(files) && file.contains(".so");
    }

    static String file(String entry) {
      return entry.substring(entry.lastIndexOf('/') + 1);
    }
  }

  /**
   * What every platform uses. JavaCPP's binding of OpenBLAS without LAPACK needs the same library
   * under another name, and ND4J brings the OpenMP library of oneDNN.
   */
  private static final List<Group> SHARED =
      List.of(
          new Group(
              PackedNatives.OPENBLAS,
              "org/bytedeco/openblas/linux-x86_64/",
              "libopenblas.so.0",
              "lib",
              List.of("libopenblas_nolapack.so.0 libopenblas.so.0")),
          new Group(
              PackedNatives.ONEDNN,
              "org/bytedeco/dnnl/linux-x86_64/",
              "libdnnl.so.3",
              "libdnnl.so",
              List.of()));

  /** Level 9 with a long window takes a tenth of the time of level 19, and a tenth more bytes. */
  private static final int LEVEL = 9;

  /** The largest window that every decoder accepts, 128 MiB: template code repeats far apart. */
  private static final int WINDOW = 27;

  /** As the other entries of the jar: project.build.outputTimestamp. */
  private static final Instant TIME = Instant.parse("2026-11-01T00:00:00Z");

  private NativePacking() {}

  /**
   * Packs the libraries of some platforms that are on the class path, and adds them to a jar. Keeps
   * what an earlier build has packed.
   *
   * @param arguments jar, folder of packed libraries, then names of platforms with extensions
   */
  public static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
    Path jar = Path.of(arguments[0]);
    Path folder = Path.of(arguments[1]);
    List<Group> groups = new ArrayList<>(SHARED);
    List.of(arguments).subList(2, arguments.length).stream()
        .map(Group::ofNd4j)
        .forEach(groups::add);
    for (Group group : groups) {
      pack(folder.resolve(group.name()), group);
    }
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of("compressionMethod", "STORED"))) {
      for (Group group : groups) {
        add(folder.resolve(group.name()), files.getPath("/", PackedNatives.ROOT, group.name()));
      }
    }
  }

  /** Copies a folder. All entries get one time, so that the same sources give the same bytes. */
  private static void add(Path from, Path to) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    Files.createDirectories(to);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      List<Path> ordered = new ArrayList<>();
      files.forEach(ordered::add);
      ordered.sort(null);
      for (Path file : ordered) {
        Path copy = to.resolve(file.getFileName().toString());
        Files.copy(file, copy);
        date(copy);
      }
    }
    date(to);
    date(to.getParent());
  }

  private static void date(Path entry) throws IOException {
    FileTime time = FileTime.from(TIME);
    Files.getFileAttributeView(entry, BasicFileAttributeView.class).setTimes(time, time, time);
  }

  private static void pack(Path target, Group group) throws IOException, NoSuchAlgorithmException {
    URL found =
        Thread.currentThread()
            .getContextClassLoader()
            .getResource(group.folder() + group.library());
    if (found == null || Files.exists(target.resolve("index"))) {
      return;
    }
    Files.createDirectories(target);
    List<String> index = new ArrayList<>();
    JarURLConnection jar = (JarURLConnection) found.openConnection();
    for (JarEntry entry : jar.getJarFile().stream().toList()) {
      if (!group.contains(entry.getName())) {
        continue;
      }
      String file = Group.file(entry.getName());
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream input = jar.getJarFile().getInputStream(entry);
          OutputStream output =
              new DigestOutputStream(Files.newOutputStream(target.resolve(file + ".zst")), digest);
          ZstdOutputStream packed = new ZstdOutputStream(output, LEVEL)) {
        packed.setLong(WINDOW);
        packed.setChecksum(true);
        input.transferTo(packed);
      }
      index.add(
          file
              + " "
              + entry.getSize()
              + " "
              + HexFormat.of().formatHex(digest.digest()).substring(0, 16));
    }
    index.addAll(group.links());
    // The index comes last: without it, the next build packs again.
    Files.write(target.resolve("index"), index);
  }
}
