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

/** Packs ND4J's native libraries for {@link PackedNatives}. The build of the jar runs it. */
public final class NativePacking {
  private static final String BINDINGS = "org/nd4j/linalg/cpu/nativecpu/bindings/";

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
    List<String> platforms = List.of(arguments).subList(2, arguments.length);
    pack(folder, platforms);
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of("compressionMethod", "STORED"))) {
      for (String platform : platforms) {
        add(folder.resolve(platform), files.getPath("/", PackedNatives.ROOT, platform));
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

  private static void pack(Path folder, List<String> platforms)
      throws IOException, NoSuchAlgorithmException {
    for (String platform : platforms) {
      URL found =
          Thread.currentThread()
              .getContextClassLoader()
              .getResource(BINDINGS + platform + "/libnd4jcpu.so");
      Path target = folder.resolve(platform);
      if (found != null && !Files.exists(target.resolve("index"))) {
        Files.createDirectories(target);
        pack((JarURLConnection) found.openConnection(), platform, target);
      }
    }
  }

  private static void pack(JarURLConnection jar, String platform, Path target)
      throws IOException, NoSuchAlgorithmException {
    List<String> index = new ArrayList<>();
    for (JarEntry entry : jar.getJarFile().stream().toList()) {
      String name = entry.getName();
      String file = name.substring(name.lastIndexOf('/') + 1);
      if (!name.equals(BINDINGS + platform + "/" + file) || !file.contains(".so")) {
        continue;
      }
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
    // The index comes last: without it, the next build packs again.
    Files.write(target.resolve("index"), index);
  }
}
