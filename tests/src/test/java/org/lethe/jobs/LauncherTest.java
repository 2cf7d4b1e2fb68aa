package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs jobs/bin/lethe in a small checkout, with programs of the same name as Java and Maven. */
final class LauncherTest {
  private static final String MACHINE = "0::/\n";

  @TempDir private Path folder;
  private Path checkout;
  private final Map<String, String> environment = new HashMap<>();

  private record Ended(int status, String out) {}

  @BeforeEach
  void make() throws IOException {
    checkout = folder.resolve("checkout");
    for (String file :
        List.of(
            "pom.xml",
            "pipeline/pom.xml",
            "pipeline/src/A.java",
            "pipeline/src/B.java",
            "jobs/pom.xml",
            "jobs/src/C.java",
            "conf/reference.conf",
            "conf/erase.conf",
            "conf/quickstart.conf",
            "conf/quickstart-self-generated.conf",
            "data-schemas/d.json")) {
      write(checkout.resolve(file), "contents of " + file);
    }
    Path launcher = checkout.resolve("jobs/bin/lethe");
    Files.createDirectories(launcher.getParent());
    Files.copy(Path.of(System.getProperty("lethe.repository"), "jobs/bin/lethe"), launcher);
    program(
        "java/bin/java",
        """
        if [ "$1" = -version ]; then
          echo "openjdk version \\"$FAKE_JAVA\\" 2025-04-15" >&2
        else
          echo "LC_ALL=${LC_ALL:-}"
          printf '%s\\n' "$@"
          for argument in "$@"; do
            case "$argument" in
              -XX:ArchiveClassesAtExit=*)
                echo archived >>"$FAKE_ARCHIVES"
                [ -n "${FAKE_FAILURE:-}" ] || echo archive >"${argument#*=}"
                ;;
            esac
          done
        fi
        """);
    // Like Maven, it leaves a jar alone that is already there.
    program(
        "bin/mvn",
        """
        if [ "$1" = -v ]; then echo "Apache Maven 3.9.9"; exit; fi
        echo built >>"$FAKE_BUILDS"
        mkdir -p jobs/target/spark
        echo spark >jobs/target/spark/spark.jar
        [ -f jobs/target/lethe-jobs.jar ] ||
          head -c "${FAKE_JAR:-4}" /dev/zero >jobs/target/lethe-jobs.jar
        """);
    // Shows the launcher another machine's control groups.
    program(
        "bin/cat",
        """
        for file in "$@"; do
          case "$file" in
            /proc/self/cgroup | /sys/fs/cgroup/*) file="$FAKE_SYSTEM$file" ;;
          esac
          /bin/cat "$file"
        done
        """);
    environment.put("FAKE_JAVA", "17.0.15");
    environment.put("FAKE_BUILDS", folder.resolve("builds").toString());
    environment.put("FAKE_ARCHIVES", folder.resolve("archives").toString());
    environment.put("LETHE_CACHE", folder.resolve("cache").toString());
    environment.put("FAKE_SYSTEM", folder.resolve("system").toString());
    environment.put("JAVA_HOME", folder.resolve("java").toString());
    environment.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    system("proc/self/cgroup", MACHINE);
  }

  @Test
  void buildsOnceWhenSourcesAreNewerButTheSame() throws Exception {
    assertThat(run().out()).contains("org.lethe.jobs.Lethe", "doctor");
    run();
    assertThat(builds()).isEqualTo(1);

    touch("pom.xml");
    touch("jobs/src/C.java");
    run();
    run();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void buildsOnceAfterAChange() throws Exception {
    run();
    write(checkout.resolve("pipeline/src/A.java"), "other contents");
    touch("pipeline/src/A.java");
    run();
    run();
    assertThat(builds()).isEqualTo(2);

    Files.delete(checkout.resolve("pipeline/src/B.java"));
    touch("pipeline/src");
    run();
    run();
    assertThat(builds()).isEqualTo(3);
  }

  /** A jar that came without the note of its sources, as from a cache. */
  @Test
  void buildsOnceIfTheSourcesOfTheJarAreUnknown() throws Exception {
    run();
    Files.delete(checkout.resolve("jobs/target/lethe-jobs.sources"));
    touch("pom.xml");
    run();
    run();
    assertThat(builds()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"1.8.0_392, 1", "11.0.2, 11", "22, 22", "25, 25", "26-ea, 26"})
  void refusesAJavaThatSparkDoesNotSupport(String version, int feature) throws Exception {
    environment.put("FAKE_JAVA", version);
    Ended ended = run();
    assertThat(ended.status()).isEqualTo(8);
    assertThat(ended.out())
        .startsWith("PLATFORM: Java " + feature + " found at '")
        .contains("expected 17 to 21, as Spark 4.1; set JAVA_HOME");
    assertThat(builds()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.15", "21.0.2", "21"})
  void acceptsAJavaThatSparkSupports(String version) throws Exception {
    environment.put("FAKE_JAVA", version);
    assertThat(run().status()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        // A container of its own name space, version 2 and version 1.
        "0::/, sys/fs/cgroup/memory.max, 4294967296, -Xmx1024m",
        "4:memory:/docker/ab, sys/fs/cgroup/memory/memory.limit_in_bytes, 1073741824, -Xmx512m",
        // A group and its parent on the machine itself.
        "0::/a.slice/b.scope, sys/fs/cgroup/a.slice/memory.max, 1610612736, -Xmx768m",
        "4:memory:/a/b, sys/fs/cgroup/memory/a/b/memory.limit_in_bytes, 1610612736, -Xmx768m",
      })
  void givesTheHeapAQuarterOfTheContainer(String group, String file, String bytes, String option)
      throws Exception {
    system("proc/self/cgroup", group + "\n");
    system(file, bytes + "\n");
    assertThat(run().out().lines()).contains(option);
  }

  @Test
  void givesTheHeapAQuarterOfTheMachineWithoutALimit() throws Exception {
    String machine = run().out().lines().filter(line -> line.startsWith("-Xmx")).findFirst().get();
    system("proc/self/cgroup", "4:memory:/\n0::/\n");
    system("sys/fs/cgroup/memory.max", "max\n");
    system("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(run().out().lines()).contains(machine);
  }

  @Test
  void theHeapOfTheUserWins() throws Exception {
    environment.put("LETHE_HEAP", "3g");
    assertThat(run().out().lines()).contains("-Xmx3g");
  }

  @ParameterizedTest
  @CsvSource({"C, C.UTF-8", "POSIX, C.UTF-8", "C.UTF-8, C.UTF-8"})
  void readsFileNamesAsUtf8(String locale, String expected) throws Exception {
    environment.put("LC_ALL", locale);
    assertThat(run().out().lines()).contains("LC_ALL=" + expected);
  }

  @Test
  void addsJarsToTheClassPath() throws Exception {
    environment.put("LETHE_JARS", "/jars/hadoop-aws.jar");
    assertThat(run().out().lines())
        .anyMatch(line -> line.endsWith("/jobs/target/spark/*:/jars/hadoop-aws.jar"));
  }

  @Test
  void startsWithAnArchiveOfTheClassesOfItsJarAndJava() throws Exception {
    environment.put("FAKE_JAR", "2000000");
    String first = archive(run());
    assertThat(Path.of(first)).hasParent(folder.resolve("cache").toRealPath()).isRegularFile();
    assertThat(Files.getPosixFilePermissions(folder.resolve("cache")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));

    // Made once, and its own run is not to be heard.
    Ended second = run();
    assertThat(archive(second)).isEqualTo(first);
    assertThat(second.out().lines().filter("org.lethe.jobs.Lethe"::equals)).hasSize(1);
    assertThat(lines("archives")).isEqualTo(1);
    try (Stream<Path> left = Files.list(folder.resolve("cache"))) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .allMatch(name -> name.startsWith("classes-"));
    }
  }

  @Test
  void anotherJarOrJavaGetsAnArchiveOfItsOwn() throws Exception {
    environment.put("FAKE_JAR", "2000000");
    String first = archive(run());
    Files.delete(checkout.resolve("jobs/target/lethe-jobs.jar"));
    environment.put("FAKE_JAR", "2000001");
    String second = archive(run());
    Files.delete(checkout.resolve("jobs/target/lethe-jobs.jar"));
    environment.put("FAKE_JAVA", "17.0.16");
    String third = archive(run());

    assertThat(Set.of(first, second, third)).hasSize(3);
    assertThat(lines("archives")).isEqualTo(3);

    // The first one was used last, and the second one is the oldest.
    Files.setLastModifiedTime(Path.of(first), FileTime.from(Instant.now().plusSeconds(60)));
    Files.setLastModifiedTime(Path.of(second), FileTime.from(Instant.now().minusSeconds(60)));
    Files.delete(checkout.resolve("jobs/target/lethe-jobs.jar"));
    environment.put("FAKE_JAVA", "17.0.17");
    assertThat(Path.of(archive(run()))).isRegularFile();
    assertThat(Path.of(first)).exists();
    assertThat(Path.of(second)).doesNotExist();
    assertThat(Path.of(second + ".tried")).doesNotExist();
    assertThat(Path.of(third)).exists();
  }

  /** A jar that came from elsewhere. The command itself does not wait. */
  @Test
  void makesTheArchiveAfterTheCommandThatFindsNone() throws Exception {
    environment.put("FAKE_JAR", "2000000");
    Path archive = Path.of(archive(run()));
    Files.delete(archive);
    Files.delete(Path.of(archive + ".tried"));

    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      archive.getParent().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      assertThat(run().out()).doesNotContain("SharedArchiveFile").contains("doctor");
      while (!Files.exists(archive)) {
        WatchKey key = watch.poll(60, TimeUnit.SECONDS);
        assertThat(key).as("an archive within a minute").isNotNull();
        key.pollEvents();
        key.reset();
      }
    }
    assertThat(archive(run())).isEqualTo(archive.toString());
    assertThat(lines("archives")).isEqualTo(2);
  }

  @Test
  void anArchiveThatCannotBeMadeIsNotTriedAgain() throws Exception {
    environment.put("FAKE_JAR", "2000000");
    environment.put("FAKE_FAILURE", "true");
    assertThat(run().out()).doesNotContain("SharedArchiveFile").contains("doctor");
    assertThat(run().status()).isZero();
    assertThat(lines("archives")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"LETHE_CACHE, /proc/none", "LETHE_ARCHIVE, off", "FAKE_JAR, 4"})
  void startsWithoutAnArchive(String variable, String value) throws Exception {
    environment.put("FAKE_JAR", "2000000");
    environment.put(variable, value);
    Ended ended = run();

    assertThat(ended.status()).isZero();
    assertThat(ended.out()).startsWith("Building Lethe").doesNotContain("SharedArchiveFile");
    assertThat(ended.out().lines().skip(1)).first().asString().startsWith("LC_ALL=");
    assertThat(lines("archives")).isZero();
  }

  private static String archive(Ended ended) {
    assertThat(ended.status()).isZero();
    String option = "-XX:SharedArchiveFile=";
    return ended
        .out()
        .lines()
        .filter(line -> line.startsWith(option))
        .map(line -> line.substring(option.length()))
        .findFirst()
        .orElseThrow();
  }

  private Ended run() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(checkout.resolve("jobs/bin/lethe").toString(), "doctor");
    builder.environment().remove("LETHE_HEAP");
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out);
  }

  private long builds() throws IOException {
    return lines("builds");
  }

  private long lines(String name) throws IOException {
    Path log = folder.resolve(name);
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  /** Makes a file or folder newer than everything else. */
  private void touch(String path) throws IOException {
    Files.setLastModifiedTime(
        checkout.resolve(path), FileTime.from(Instant.now().plusMillis(1500)));
  }

  private void system(String file, String contents) throws IOException {
    write(folder.resolve("system").resolve(file), contents);
  }

  private void program(String file, String script) throws IOException {
    Path program = folder.resolve(file);
    write(program, "#!/usr/bin/env bash\n" + script);
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private static void write(Path file, String contents) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, contents);
  }
}
