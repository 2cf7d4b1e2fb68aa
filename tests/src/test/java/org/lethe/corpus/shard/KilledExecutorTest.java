package org.lethe.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.run.Digests;

/** Kills an executor in the middle of the shard stage. */
final class KilledExecutorTest {
  @TempDir Path folder;

  @Test
  void aStageThatLosesAnExecutorEndsWithTheSameBytes() throws Exception {
    SharderTest whole = new SharderTest();
    whole.folder = Files.createDirectories(folder.resolve("whole"));
    whole.shard(ShardBytesTest.mixed(whole).workers(3));
    Path cut = Files.createDirectories(folder.resolve("cut"));

    assertThat(shardOnACluster(whole.folder, cut)).isZero();

    assertThat(cut.resolve("killed")).exists();
    assertThat(Files.readString(folder.resolve("log"))).contains("137");
    assertThat(digests(cut)).isEqualTo(digests(whole.folder));
  }

  private static Map<String, String> digests(Path run) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    SharderTest.shardBytes(run.resolve("shards"))
        .forEach((name, bytes) -> digests.put(name, Digests.of(bytes)));
    return digests;
  }

  private int shardOnACluster(Path inputs, Path cut) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-Xmx512m", "-cp", classPath, ShardProcess.class.getName()));
    command.addAll(List.of(inputs.toString(), cut.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    // Executors of a local cluster use their own class path. The Spark home only has to look real.
    Files.createDirectories(folder.resolve("home/jars"));
    builder.environment().put("SPARK_HOME", folder.resolve("home").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.directory(Files.createDirectories(folder.resolve("work")).toFile());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }
}
