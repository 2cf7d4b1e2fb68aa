package org.lethe.jobs.stage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.package$;
import org.lethe.run.Digests;

/** Versions and digest of the program that computed a result. */
public final class Versions {
  public static final String LETHE = "0.1.0-SNAPSHOT";

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

  /** SHA-256 of the jar or class folder that this program was loaded from. */
  static String codeDigest() {
    try {
      Path code =
          Path.of(Versions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      FileSystem local = FileSystem.getLocal(new Configuration()).getRawFileSystem();
      return Digests.ofTreeAsOne(local, new org.apache.hadoop.fs.Path(code.toUri()));
    } catch (URISyntaxException e) {
      return "unknown";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String nd4j() {
    String resource = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";
    try (InputStream in = Versions.class.getResourceAsStream(resource)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
