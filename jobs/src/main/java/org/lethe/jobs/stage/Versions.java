package org.lethe.jobs.stage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.package$;
import org.lethe.run.Digests;

/** Versions and digest of the program that computed a result. */
public final class Versions {
  public static final String LETHE = "0.1.0-SNAPSHOT";

  private static final String UNKNOWN = "unknown";
  private static final String COMMIT = "source-commit";

  private Versions() {}

  /** Versions of this program and of the libraries that decide its results. */
  public static SortedMap<String, String> all() {
    SortedMap<String, String> versions = new TreeMap<>();
    versions.put("lethe", LETHE);
    versions.put("spark", package$.MODULE$.SPARK_VERSION());
    versions.put("hadoop", VersionInfo.getVersion());
    versions.put("nd4j", nd4j());
    versions.put("java", Runtime.version().toString());
    return versions;
  }

  /** The same for a message. */
  public static String inOneLine() {
    return String.join(
        ", ",
        all().entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue()).toList());
  }

  /**
   * What this program was loaded from: {@code program}, the SHA-256 of the jar's bytes or, in a
   * build folder, of its classes; {@code program-file}, the jar's name; {@code source-commit} if
   * the build knew it.
   */
  public static SortedMap<String, String> code() {
    SortedMap<String, String> code = new TreeMap<>();
    code.put(COMMIT, UNKNOWN);
    try {
      Path file =
          Path.of(Versions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      FileSystem local = FileSystem.getLocal(new Configuration()).getRawFileSystem();
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
      boolean isJar = Files.isRegularFile(file);
      code.put("program", isJar ? Digests.ofFile(local, path) : Digests.ofTreeAsOne(local, path));
      code.put("program-file", isJar ? String.valueOf(file.getFileName()) : "classes");
      if (isJar) {
        commit(file).ifPresent(commit -> code.put(COMMIT, commit));
      }
    } catch (URISyntaxException e) {
      code.put("program", UNKNOWN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return code;
  }

  private static Optional<String> commit(Path jar) throws IOException {
    try (JarFile opened = new JarFile(jar.toFile())) {
      return Optional.ofNullable(opened.getManifest())
          .map(manifest -> manifest.getMainAttributes().getValue("Lethe-Source-Commit"));
    }
  }

  private static String nd4j() {
    String resource = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";
    try (InputStream in = Versions.class.getResourceAsStream(resource)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
