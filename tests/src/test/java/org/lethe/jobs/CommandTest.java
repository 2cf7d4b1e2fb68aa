package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.run.RunDirectory;
import org.lethe.run.lease.Lease;

/**
 * Runs commands as a user does and checks the exit status, the one-line explanation and
 * result.json.
 */
final class CommandTest {
  @TempDir private Path folder;
  private final PrintStream realOut = System.out;
  private final PrintStream realErr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    System.setProperty("lethe.log", folder.resolve("lethe.log").toString());
  }

  @AfterEach
  void release() {
    System.setOut(realOut);
    System.setErr(realErr);
    System.clearProperty("lethe.log");
  }

  @Test
  void anUnknownCommandIsAUsageError() {
    assertThat(Lethe.execute("unlern")).isEqualTo(2);
    assertThat(err()).contains("Did you mean: lethe unlearn");
  }

  @Test
  void aMissingCommandIsAUsageError() {
    assertThat(Lethe.execute()).isEqualTo(2);
    assertThat(err()).startsWith("Missing command");
  }

  @Test
  void allMissingSettingsAreReportedTogether() {
    assertThat(Lethe.execute("pipeline", "--set", "lethe.gates.forget.rouge.at-most=1"))
        .isEqualTo(2);
    assertThat(err())
        .startsWith("USAGE: Invalid configuration, 5 problems:")
        .contains("lethe.run-dir is not set; give the run directory, for example --run-dir RUN")
        .contains("lethe.model.path is not set; give the model directory")
        .contains("lethe.corpus.forget is empty")
        .contains("lethe.corpus.retain is empty")
        .contains("lethe.gates.forget.rouge.at-most = \"1\"");
  }

  @Test
  void aDryRunChecksAndWritesNothing() throws IOException {
    Files.createDirectories(folder.resolve("no-model"));
    for (String input : List.of("no-model/config.json", "f.jsonl", "r.jsonl")) {
      Files.writeString(folder.resolve(input), "{}");
    }
    assertThat(Lethe.execute(pipeline("--dry-run"))).isZero();
    assertThat(out()).contains("Nothing was written", "lethe.unlearn.direction = blur");
    assertThat(run()).doesNotExist();
  }

  @Test
  void aDryRunNamesAllInputsThatCannotBeRead() {
    assertThat(Lethe.execute(pipeline("--dry-run"))).isEqualTo(3);
    assertThat(err())
        .startsWith("INPUT: Unusable inputs, 3 problems:")
        .contains("no-model/config.json", "f.jsonl", "r.jsonl");
    assertThat(run()).doesNotExist();
  }

  @Test
  void aConfigurationMayBeAUri() throws IOException {
    Path file = Files.writeString(folder.resolve("a b.conf"), "lethe.unlearn.rounds = none");
    assertThat(Lethe.execute(pipeline("--config", "file:" + file))).isEqualTo(2);
    assertThat(err()).contains("lethe.unlearn.rounds = none (a b.conf:1)");
  }

  @Test
  void aConfigurationOnAFileSystemWithoutItsJarIsThePlatforms() {
    assertThat(Lethe.execute(pipeline("--config", "s3a://bucket/lethe.conf"))).isEqualTo(8);
    assertThat(err())
        .startsWith(
            "PLATFORM: File system not available for s3a://bucket/lethe.conf: Class"
                + " org.apache.hadoop.fs.s3a.S3AFileSystem not found; add its jar");
  }

  @Test
  void aMissingModelIsAnInputErrorAndInResultJson() throws IOException {
    assertThat(Lethe.execute(pipeline())).isEqualTo(3);
    assertThat(err()).containsPattern("(?m)^INPUT: .*no-model");
    assertThat(Files.readString(run().resolve("result.json")))
        .contains("\"exit_class\" : \"INPUT\"", "\"exit_status\" : 3", "no-model");
    assertThat(run().resolve("lock.json")).doesNotExist();
  }

  @Test
  void aRunDirectoryInUseIsAConflictAndKeepsItsResult() throws IOException {
    RunDirectory directory = RunDirectory.at(run().toString(), new Configuration());
    try (Lease held = Lease.acquire(directory, Optional.empty(), Duration.ofHours(1), () -> {})) {
      assertThat(held).isNotNull();
      Files.writeString(run().resolve("result.json"), "of the holder");
      assertThat(Lethe.execute(pipeline())).isEqualTo(5);
      assertThat(err()).containsPattern("(?m)^CONFLICT: Run directory in use: ");
      assertThat(run().resolve("result.json")).hasContent("of the holder");
    }
  }

  @Test
  void unlockSaysThatNothingIsLocked() {
    assertThat(Lethe.execute("unlock", folder.toString())).isZero();
    assertThat(out()).contains(folder.getFileName() + " is not locked.");
  }

  @Test
  void unlockRefusesWhatIsNoRunDirectory() {
    assertThat(Lethe.execute("unlock", "gopher://x/y")).isEqualTo(8);
    assertThat(err())
        .startsWith(
            "PLATFORM: File system not available for gopher://x/y: No FileSystem for scheme");
  }

  @Test
  void aLeaseThatIsTooShortIsAUsageError() {
    assertThat(Lethe.execute(pipeline("--set", "lethe.run.lease=1s"))).isEqualTo(2);
    assertThat(err()).contains("lethe.run.lease = ").contains("at least 6 seconds");
  }

  @Test
  void aMissingBackendIsAPlatformError() {
    assertThat(Lethe.execute(pipeline("--set", "lethe.platform.backend=nd4j-cuda"))).isEqualTo(8);
    assertThat(err())
        .contains("PLATFORM: Backend not available: lethe.platform.backend = nd4j-cuda");
  }

  @Test
  void theDoctorDescribesTheMachine() {
    assertThat(Lethe.execute("doctor")).isZero();
    assertThat(out())
        .contains("binary", "memory", "spark 4.1.3", "Nothing is wrong.")
        .containsPattern("kernel +[A-Z0-9]+ of OpenBLAS")
        .containsPattern("folders +native libraries in /.* GiB free; copies of models in /.*")
        .containsPattern("account +\\S+")
        .containsPattern("Spark +started at local.*, and ran a job of 3 rows")
        .containsPattern("backend +heap: FLOAT on the CPU, ND4J's CpuBackend loaded from /.*, .+");
  }

  @Test
  void theDoctorSaysWhyAModelCannotBeUsed() {
    assertThat(Lethe.execute("doctor", "--model", "/no/such/model")).isEqualTo(8);
    assertThat(out())
        .containsPattern("usable +no")
        .contains("WRONG: No model directory at /no/such/model");
  }

  @Test
  void theDoctorFindsWhatKeepsSparkFromStarting() {
    String settings =
        "lethe.spark.settings={\"spark.driver.bindAddress\" = \"192.0.2.1\","
            + " \"spark.port.maxRetries\" = \"0\"}";
    assumeTrue(SparkSession.getDefaultSession().isEmpty(), "Spark must not run yet");
    assertThat(Lethe.execute("doctor", "--set", settings)).isEqualTo(8);
    assertThat(out()).contains("WRONG: Spark cannot listen on an address: ");
    assertThat(out()).doesNotContain("run 'lethe doctor'");
  }

  @Test
  void theDoctorNamesAMissingBackend() {
    assertThat(Lethe.execute("doctor", "--set", "lethe.platform.backend=nd4j-cuda")).isEqualTo(8);
    assertThat(out())
        .containsPattern("requested +nd4j-cuda")
        .containsPattern("backend +none")
        .contains(
            "WRONG: Backend not available: lethe.platform.backend = nd4j-cuda, but ND4J loaded"
                + " CpuBackend");
  }

  private String[] pipeline(String... more) {
    String[] fixed = {
      "pipeline",
      "--run-dir",
      run().toString(),
      "--set",
      "lethe.model.path=" + folder.resolve("no-model"),
      "--set",
      "lethe.corpus.forget=" + folder.resolve("f.jsonl"),
      "--set",
      "lethe.corpus.retain=" + folder.resolve("r.jsonl")
    };
    String[] all = Arrays.copyOf(fixed, fixed.length + more.length);
    System.arraycopy(more, 0, all, fixed.length, more.length);
    return all;
  }

  private Path run() {
    return folder.resolve("run");
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
