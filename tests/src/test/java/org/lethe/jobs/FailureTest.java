package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.ChildProcess;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.run.RunDirectory;
import org.lethe.run.lease.Lease;

/**
 * Output of a failed command: the exit class and one line with problem, place and remedy, without a
 * stack trace and without the text of any row.
 */
final class FailureTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private PipelineFixture fixture;

  @BeforeEach
  void make() throws IOException {
    fixture = new PipelineFixture(folder);
  }

  @Test
  void missingWeights() throws IOException {
    Files.delete(weights());
    assertFails(3, "INPUT: No weights at .*model: expected model.safetensors .*");
  }

  @Test
  void truncatedWeights() throws IOException {
    byte[] whole = Files.readAllBytes(weights());
    Files.write(weights(), Arrays.copyOf(whole, whole.length - 100));
    assertFails(
        3,
        "INPUT: Offsets of tensor '.*' in .*model.safetensors are out of bounds: .*; the file"
            + " is truncated or damaged; get the file again from its source");
  }

  @Test
  void weightsOfAWrongDtype() throws IOException {
    inHeader("\"F32\"", "\"I32\"");
    assertFails(
        3,
        "INPUT: Tensor '.*' in .*model.safetensors has dtype I32, expected F32, F16, BF16 or"
            + " F64; convert quantised weights first");
  }

  @Test
  void aMissingTensor() throws IOException {
    inHeader("model.layers.1.mlp.up_proj.weight", "model.layers.1.mlp.up_proy.weight");
    assertFails(
        3,
        "INPUT: Missing tensors in .*model.safetensors: model.layers.1.mlp.up_proj.weight;"
            + " config.json needs them; .*");
  }

  @Test
  void nanWeights() throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(weights())).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong(0);
    JsonNode entry =
        JSON.readTree(bytes.array(), 8, header).path("model.layers.1.mlp.down_proj.weight");
    bytes.putFloat(8 + header + entry.path("data_offsets").path(0).asInt() + 4 * 5, Float.NaN);
    Files.write(weights(), bytes.array());
    assertFails(
        3,
        "INPUT: Tensor 'model.layers.1.mlp.down_proj.weight' in .*model.safetensors contains"
            + " NaN or infinity at element 5; .*");
  }

  @Test
  void aVocabularyOfAnotherSize() throws IOException {
    ObjectNode tokenizer = (ObjectNode) JSON.readTree(fixture.model("tokenizer.json").toFile());
    ObjectNode added = tokenizer.withArray("added_tokens").addObject();
    added.put("id", 300).put("content", "<more>").put("single_word", false).put("lstrip", false);
    added.put("rstrip", false).put("normalized", false).put("special", true);
    JSON.writeValue(fixture.model("tokenizer.json").toFile(), tokenizer);
    assertFails(
        3,
        "INPUT: Vocabulary does not fit in .*model: the tokenizer has ids up to 300 but vocab_size"
            + " of config.json is 300; .*");
    assertThat(fixture.run("run").resolve("shards/report.json")).doesNotExist();
  }

  @Test
  void anEmptyCorpus() throws IOException {
    Files.write(fixture.corpus("forget"), new byte[0]);
    assertFails(
        3,
        "INPUT: No rows in the forget corpus \\[file:.*forget.jsonl\\]: 0 read, .*; expected"
            + " at least one; check lethe.corpus.forget");
  }

  @Test
  void aFilterThatDropsAllRows() {
    assertFails(
        3,
        "INPUT: No rows in the forget corpus .*: 20 read, 20 removed by the row filter, .*",
        "lethe.corpus.where.task=none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | /no/such/file.jsonl | INPUT: No such file while reading file:/+no/such/file.jsonl;"
            + " check the path",
        "8 | nosuch://host/x | PLATFORM: File system not available for nosuch://host/x: No"
            + " FileSystem for scheme .nosuch.; add its jar, .*",
        "8 | s3a://bucket/x | PLATFORM: File system not available for .*: Class"
            + " org.apache.hadoop.fs.s3a.S3AFileSystem not found; add its jar, .*",
        "3 | hdfs://127.0.0.1:1/x | INPUT: .*hdfs://127.0.0.1:1/x.*",
      })
  void anUnreadableCorpus(int status, String uri, String message) {
    assertFails(
        status,
        message,
        "lethe.corpus.forget=" + uri,
        "lethe.spark.settings={\"spark.hadoop.ipc.client.connect.max.retries\" = \"0\"}");
  }

  @Test
  void aRunDirectoryOnAnUnknownFileSystem() {
    assertEnded(
        fixture.pipelineAt("nosuch://host/x"),
        8,
        "PLATFORM: File system not available for nosuch://host/x: No FileSystem for scheme .*");
  }

  @Test
  void allUnknownKeysAreNamedWithASuggestion() {
    Ended ended = fixture.pipeline("run", "lethe.unlearn.rouns=3", "lethe.modle.path=x");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err())
        .startsWith("USAGE: Invalid configuration, 2 problems:")
        .contains("unknown key lethe.unlearn.rouns", "did you mean lethe.unlearn.rounds?")
        .contains("unknown key lethe.modle", "did you mean lethe.model?")
        .hasLineCount(3);
    assertThat(fixture.run("run").resolve("run.json")).doesNotExist();
  }

  @Test
  void aRunDirectoryLockedByAnotherProcess() throws Exception {
    Process holder =
        ChildProcess.builder(LockHolder.class, List.of(fixture.run("run").toString()))
            .redirectError(Redirect.DISCARD)
            .start();
    try {
      assertThat(holder.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("held");
      assertFails(
          5,
          "CONFLICT: Run directory in use: file:.*run is held by process "
              + holder.pid()
              + " on .*; wait for it to end, or use another --run-dir. .*");
      assertThat(fixture.run("run").resolve("result.json")).doesNotExist();
    } finally {
      holder.destroyForcibly().waitFor();
    }
    // Its lock file still exists, but the process is gone.
    assertThat(fixture.run("run").resolve("lock.json")).exists();
    assertThat(fixture.pipeline("run").status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 40, 120, 260, 420})
  void aFullDisk(int kibibytes) throws Exception {
    Path run = Files.createDirectories(fixture.run("run"));
    boolean mounted =
        shell("mount", "-t", "tmpfs", "-o", "size=" + kibibytes + "k", "lethe", run.toString());
    assumeTrue(mounted, "mounting needs root");
    try {
      assertFails(8, "PLATFORM: (Disk full while|Cannot write) .*run.*; .*");
    } finally {
      // Lazy, because Parquet's writer leaves its file open if closing fails.
      assertThat(shell("umount", "--lazy", run.toString())).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 1048576, 1048576", "100000, 1000, 96"})
  void notEnoughMemory(int workers, int batch, int length) {
    assertFails(
        8,
        "PLATFORM: Not enough native memory: .* GiB needed \\("
            + workers
            + " workers x .*\\), .* GiB available; lower LETHE_HEAP .*",
        "lethe.unlearn.batch-size=" + batch,
        "lethe.shard.max-length=" + length,
        "lethe.unlearn.workers=" + workers);
    assertThat(fixture.run("run").resolve("shards")).doesNotExist();
  }

  @Test
  void failingRowsAreNamedButNotQuoted() throws IOException {
    List<String> rows = Files.readAllLines(fixture.corpus("forget"));
    Files.write(fixture.corpus("retain"), rows.subList(3, 4), StandardOpenOption.APPEND);
    assertFails(
        3, "INPUT: 1 example is in both the forget and the retain corpus .*person-0000-qa2 = .*");

    ObjectNode config = (ObjectNode) JSON.readTree(fixture.model("tokenizer_config.json").toFile());
    config.put("chat_template", "{{ raise_exception(messages[0]['content']) }}");
    JSON.writeValue(fixture.model("tokenizer_config.json").toFile(), config);
    assertFails(3, "INPUT: .*", "lethe.model.template=chat", "lethe.shard.overlap=forget");
  }

  private void assertFails(int status, String line, String... settings) {
    assertEnded(fixture.pipeline("run", settings), status, line);
  }

  private void assertEnded(Ended ended, int status, String line) {
    assertThat(ended.err()).matches(line + "\\R(result.json could not be written: .*\\R)?");
    assertThat(ended.status()).isEqualTo(status);
    assertThat(ended.out() + ended.err()).doesNotContain(texts()).doesNotContain("\tat ");
  }

  /** Texts of the rows, without common words. */
  private List<String> texts() {
    try (Stream<Path> files = Files.list(folder.resolve("corpus"))) {
      return files
          .flatMap(
              file -> {
                try {
                  return Files.readAllLines(file).stream();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .flatMap(row -> Stream.of("input", "output").map(field -> field(row, field)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String field(String row, String name) {
    try {
      return JSON.readTree(row).path(name).asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path weights() {
    return fixture.model("model.safetensors");
  }

  /** Replaces the first occurrence in the header with a text of the same length. */
  private void inHeader(String from, String to) throws IOException {
    String all = Files.readString(weights(), StandardCharsets.ISO_8859_1);
    assertThat(all).contains(from);
    assertThat(to).hasSameSizeAs(from);
    Files.writeString(
        weights(), all.replaceFirst(Pattern.quote(from), to), StandardCharsets.ISO_8859_1);
  }

  private static boolean shell(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /** Locks a run directory, prints a line and waits to be killed. */
  public static final class LockHolder {
    private LockHolder() {}

    /** Argument: the run directory. */
    public static void main(String[] arguments) throws IOException {
      Lease lease =
          Lease.acquire(
              RunDirectory.at(arguments[0], new Configuration()),
              Optional.empty(),
              Duration.ofHours(1),
              () -> {});
      System.out.println("held");
      int ended = System.in.read();
      assertThat(ended).isNegative();
      lease.close();
    }
  }
}
