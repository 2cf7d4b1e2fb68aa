package org.lethe.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.ChildProcess;
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

    int status = shardOnACluster(whole.folder, cut);
    assertThat(status).as(Files.readString(folder.resolve("log"))).isZero();

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
    Process process =
        ChildProcess.onACluster(
                folder, ShardProcess.class, List.of(inputs.toString(), cut.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }
}
