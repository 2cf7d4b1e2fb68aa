package org.lethe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lethe.jobs.Lethe;
import org.lethe.run.RunDirectory;

/**
 * Lethe is compiled with the newest Spark and runs on older lines too. The list holds the members
 * of Spark 3.5.7 (Scala 2.12) and its libraries that Lethe uses; {@code
 * tests/spark-lines/check_links.py} writes it from a real distribution.
 */
final class SparkLinksTest {
  private static final List<String> PROVIDED =
      List.of(
          "org/apache/spark/",
          "org/apache/hadoop/",
          "org/apache/parquet/",
          "scala/",
          "com/fasterxml/jackson/annotation/",
          "com/fasterxml/jackson/core/",
          "com/fasterxml/jackson/databind/",
          "org/slf4j/");

  /** Classes that are not used on Scala 2.12. */
  private static final Set<String> LATER_SCALA = Set.of("PeerTransport", "PeerTask");

  /** Every class has them. */
  private static final Set<String> OF_OBJECT = Set.of("equals", "hashCode", "toString", "getClass");

  @Test
  void everyMemberOfSparkThatIsUsedExistsInTheOldestLine() throws Exception {
    Set<String> known = known();
    Map<String, String> unknown = new TreeMap<>();
    for (Class<?> root : List.of(RunDirectory.class, Lethe.class)) {
      Path place = Path.of(root.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        collect(place, known, unknown);
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
          collect(jar.getPath("/"), known, unknown);
        }
      }
    }
    assertThat(unknown)
        .as("members that are not in the list of Spark 3.5.7, and a class that uses each")
        .isEmpty();
  }

  private static void collect(Path classes, Set<String> known, Map<String, String> unknown)
      throws IOException {
    try (Stream<Path> files = Files.walk(classes.resolve("org/lethe"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString().replaceFirst("[$.].*", "");
        if (!LATER_SCALA.contains(name)) {
          members(Files.readAllBytes(file)).stream()
              .filter(member -> !known.contains(member))
              .forEach(member -> unknown.put(member, name));
        }
      }
    }
  }

  private static Set<String> known() throws IOException {
    try (InputStream in = SparkLinksTest.class.getResourceAsStream("spark-3.5-members.txt")) {
      Set<String> known =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .collect(Collectors.toUnmodifiableSet());
      assertThat(known).hasSizeGreaterThan(300);
      return known;
    }
  }

  /** Returns owner, name and descriptor of the provided members that a class uses. */
  private static List<String> members(byte[] classFile) throws IOException {
    Map<Integer, Object> pool = pool(classFile);
    return pool.values().stream()
        .filter(constant -> constant instanceof Reference reference && reference.isMember())
        .map(Reference.class::cast)
        .map(
            member -> {
              Reference pair = (Reference) pool.get(member.second());
              Object owner = pool.get(((Reference) pool.get(member.first())).first());
              return owner + " " + pool.get(pair.first()) + " " + pool.get(pair.second());
            })
        .filter(member -> PROVIDED.stream().anyMatch(member::startsWith))
        .filter(member -> !OF_OBJECT.contains(member.split(" ")[1]))
        .toList();
  }

  /** Indices of other constants. */
  private record Reference(int tag, int first, int second) {
    /** Whether this is a field, a method or a method of an interface. */
    boolean isMember() {
      return tag >= 9 && tag <= 11;
    }
  }

  /** Returns texts and references of a class file's constants (JVM specification, 4.4). */
  private static Map<Integer, Object> pool(byte[] classFile) throws IOException {
    Map<Integer, Object> pool = new HashMap<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile))) {
      in.skipNBytes(8);
      int count = in.readUnsignedShort();
      for (int i = 1; i < count; i++) {
        int tag = in.readUnsignedByte();
        switch (tag) {
          case 1 -> pool.put(i, in.readUTF());
          case 7, 8, 16, 19, 20 -> pool.put(i, new Reference(tag, in.readUnsignedShort(), 0));
          case 9, 10, 11, 12, 17, 18 ->
              pool.put(i, new Reference(tag, in.readUnsignedShort(), in.readUnsignedShort()));
          case 3, 4 -> in.skipNBytes(4);
          case 5, 6 -> {
            in.skipNBytes(8);
            i++; // These take two places.
          }
          case 15 -> in.skipNBytes(3);
          default -> throw new IOException("constant of kind " + tag);
        }
      }
    }
    return pool;
  }
}
