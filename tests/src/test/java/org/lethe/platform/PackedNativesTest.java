package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that the build packs come out as they were, once. */
final class PackedNativesTest {
  private static final String PLATFORM = "test-x86_64-extension";
  private static final String BINDINGS = "org/nd4j/linalg/cpu/nativecpu/bindings/" + PLATFORM + "/";
  private static final String LINK_PATH = "org.bytedeco.javacpp.platform.linkpath";
  private static final Map<String, String> LIBRARIES =
      Map.of("libnd4jcpu.so", "native code ".repeat(1000), "libgomp.so.1", "threads");

  @TempDir Path folder;

  private final Map<String, String> before = new TreeMap<>();
  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();

  @BeforeEach
  void remember() {
    for (String key : new String[] {LINK_PATH, NativeFolders.JAVACPP}) {
      if (System.getProperty(key) != null) {
        before.put(key, System.getProperty(key));
      }
      System.clearProperty(key);
    }
    System.setProperty(NativeFolders.JAVACPP, folder.resolve("cache").toString());
  }

  @AfterEach
  void restore() {
    System.clearProperty(LINK_PATH);
    System.clearProperty(NativeFolders.JAVACPP);
    before.forEach(System::setProperty);
    Thread.currentThread().setContextClassLoader(loader);
  }

  @Test
  void packedLibrariesAreUnpackedOnce() throws Exception {
    Path packed = packed();
    assertThat(Files.size(packed)).isLessThan(3000);

    Path first = unpacked(packed);
    for (Map.Entry<String, String> library : LIBRARIES.entrySet()) {
      assertThat(first.resolve(library.getKey())).hasContent(library.getValue());
    }
    assertThat(first.getFileName()).hasToString(PLATFORM);
    Files.writeString(first.resolve("mark"), "");

    assertThat(unpacked(packed)).isEqualTo(first);
    assertThat(first.resolve("mark")).exists();
  }

  /** OpenBLAS is the same for all processors, and JavaCPP asks for it under two names. */
  @Test
  void openBlasIsUnpackedBesideNd4j() throws Exception {
    Path plain = folder.resolve("plain.jar");
    Map<String, String> libraries = new TreeMap<>();
    LIBRARIES.forEach((name, content) -> libraries.put(BINDINGS + name, content));
    libraries.put("org/bytedeco/openblas/linux-x86_64/libopenblas.so.0", "products");
    libraries.put("org/bytedeco/openblas/linux-x86_64/include/cblas.h", "header");
    writeEntries(plain, libraries);

    unpacked(packed(plain));
    String[] folders = System.getProperty(LINK_PATH).split(File.pathSeparator);
    assertThat(folders).hasSize(2);
    assertThat(Path.of(folders[0]).getFileName()).hasToString(PLATFORM);
    Path openBlas = Path.of(folders[1]);
    assertThat(openBlas.resolve("libopenblas.so.0")).hasContent("products");
    assertThat(openBlas.resolve("libopenblas_nolapack.so.0"))
        .isSymbolicLink()
        .hasContent("products");
    assertThat(openBlas.resolve("cblas.h")).doesNotExist();
  }

  @Test
  void anIncompleteFolderIsReplaced() throws Exception {
    Path packed = packed();
    Path first = unpacked(packed);
    Files.writeString(first.resolve("libnd4jcpu.so"), "cut");

    assertThat(unpacked(packed)).isEqualTo(first);
    assertThat(first.resolve("libnd4jcpu.so")).hasContent(LIBRARIES.get("libnd4jcpu.so"));
    try (Stream<Path> beside = Files.list(first.getParent())) {
      assertThat(beside).containsExactly(first);
    }
  }

  @Test
  void aJarWithoutPackedLibrariesChangesNothing() {
    PackedNatives.prepare(PLATFORM, getClass().getClassLoader());
    assertThat(System.getProperty(LINK_PATH)).isNull();
  }

  @Test
  void twoBuildsGiveTheSameBytes() throws Exception {
    byte[] first = Files.readAllBytes(packed());
    try (Stream<Path> files = Files.walk(folder.resolve("packed"))) {
      files.sorted(Comparator.reverseOrder()).forEach(PackedNativesTest::delete);
    }
    assertThat(Files.readAllBytes(packed())).isEqualTo(first);
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A jar with packed libraries, from a jar with libraries. */
  private Path packed() throws Exception {
    Path plain = folder.resolve("plain.jar");
    write(plain, LIBRARIES);
    return packed(plain);
  }

  private Path packed(Path plain) throws Exception {
    Path jar = folder.resolve("packed.jar");
    write(jar, Map.of());
    try (URLClassLoader jars = new URLClassLoader(new URL[] {plain.toUri().toURL()}, null)) {
      Thread.currentThread().setContextClassLoader(jars);
      NativePacking.main(
          new String[] {
            jar.toString(), folder.resolve("packed").toString(), PLATFORM, "no-such-platform"
          });
    }
    return jar;
  }

  private static void write(Path jar, Map<String, String> libraries) throws IOException {
    Map<String, String> entries = new TreeMap<>();
    libraries.forEach((name, content) -> entries.put(BINDINGS + name, content));
    writeEntries(jar, entries);
  }

  private static void writeEntries(Path jar, Map<String, String> entries) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream output = new JarOutputStream(file)) {
      for (String name : new String[] {"org/", "org/lethe/", "org/lethe/Other.txt"}) {
        output.putNextEntry(fixed(name));
      }
      for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
        output.putNextEntry(fixed(entry.getKey()));
        output.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static JarEntry fixed(String name) {
    JarEntry entry = new JarEntry(name);
    entry.setTime(0);
    return entry;
  }

  private static Path unpacked(Path jar) throws IOException {
    System.clearProperty(LINK_PATH);
    try (URLClassLoader jars = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
      PackedNatives.prepare(PLATFORM, jars);
    }
    return Path.of(System.getProperty(LINK_PATH).split(File.pathSeparator)[0]);
  }
}
