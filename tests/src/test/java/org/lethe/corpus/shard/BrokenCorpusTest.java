package org.lethe.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SparkFixture;
import org.lethe.corpus.input.CharacterEncoder;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.input.JsonLinesInput;
import org.lethe.corpus.input.PairDigest;
import org.lethe.corpus.input.RowEncoder;
import org.lethe.corpus.input.RowFilter;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

/** Broken corpora. The file's name describes the defect. */
final class BrokenCorpusTest {
  private static final String SECRET = "SECRET-TEXT";

  private final Configuration configuration = new Configuration();

  @TempDir Path folder;

  @Test
  void aByteOrderMarkIsIgnored() {
    assertThat(shard("byte-order-mark").read()).isEqualTo(2);
    assertThat(shard("byte-order-mark").reasons()).isEmpty();
  }

  @Test
  void loneSurrogateIsQuarantined() {
    assertThat(shard("lone-surrogate").reasons())
        .containsExactly(Map.entry("lone-surrogate output", 1L));
  }

  @Test
  void badJsonIsQuarantinedLineByLine() {
    ShardReport.SetReport report = shard("bad-json");

    assertThat(report.read()).isEqualTo(5);
    assertThat(report.examples())
        .extracting(row -> row.line() + " " + row.reason())
        .containsExactly("2 bad-json", "4 bad-json", "5 not-an-object", "6 bad-json");
  }

  @Test
  void invalidUtf8IsQuarantined() {
    assertThat(shard("not-utf8").reasons()).containsExactly(Map.entry("bad-utf8", 1L));
  }

  @Test
  void brokenFieldsAreNamed() {
    ShardReport.SetReport report = shard("broken-fields");

    assertThat(report.examples())
        .extracting(row -> row.line() + " " + row.id() + ": " + row.reason())
        .containsExactly(
            "2 b: missing-field output",
            "3 c: wrong-type input (number)",
            "4 d: missing-field output",
            "5 e: empty-completion output",
            "6 : bad-id id (text with control characters)",
            "7 g: wrong-type task (list)",
            "8 a: duplicate-id");
    assertThat(report.rows()).isEqualTo(2);
    assertThat(report.toString()).doesNotContain(SECRET);
  }

  @Test
  void quarantineKeepsTheOriginalBytes() throws IOException {
    shard("bad-json");

    List<Row> rows =
        RowFiles.read(
            QuarantineTask.SCHEMA,
            new org.apache.hadoop.fs.Path(
                folder.resolve("shards/quarantine/forget.parquet").toUri()),
            configuration);

    assertThat(rows).hasSize(4);
    assertThat(new String(rows.get(2).bytes("raw"), StandardCharsets.UTF_8))
        .isEqualTo("[\"SECRET-TEXT\"]");
    assertThat(rows.get(2).integer("line")).isEqualTo(5);
    assertThat(rows.get(2).string("file")).endsWith("bad-json.jsonl");
  }

  @Test
  void overlongLineIsQuarantined() throws IOException {
    Path file = folder.resolve("long-line.jsonl");
    Files.writeString(
        file,
        "{\"input\":\"p\",\"output\":\""
            + SECRET.repeat(JsonLinesInput.LONGEST_LINE / SECRET.length() + 1)
            + "\"}\n{\"input\":\"p\",\"output\":\"c\"}\n");

    ShardReport.SetReport report = run(file, 1);

    assertThat(report.reasons()).containsExactly(Map.entry("line-too-long", 1L));
    assertThat(report.rows()).isEqualTo(1);
  }

  @Test
  void tooManyMalformedRowsFailTheJobAndAreKept() {
    LetheException refused =
        catchThrowableOfType(LetheException.class, () -> run(resource("bad-json"), 0.5));

    assertThat(refused.exitClass()).isEqualTo(ExitClass.INPUT);
    assertThat(refused)
        .hasMessageStartingWith(
            "4 of 5 rows of the forget corpus are malformed (80.00 %), expected at most 50.00"
                + " %: bad-json 3, not-an-object 1; first at file:")
        .hasMessageContaining("bad-json.jsonl:2, ")
        .hasMessageEndingWith("or raise lethe.shard.quarantine-limit");
    assertThat(folder.resolve("shards/quarantine/forget.parquet")).exists();
  }

  @Test
  void wrongFieldNamesAreReportedWithTheExistingNames() {
    assertThatThrownBy(
            () ->
                shard(
                    settings(resource("byte-order-mark"))
                        .fields(new FieldNames("id", "prompt", "output", "task"))))
        .hasMessageStartingWith("No field 'prompt' in file:")
        .hasMessageEndingWith(
            "byte-order-mark.jsonl, found [id, input, output]; set lethe.corpus.prompt-field"
                + " and lethe.corpus.completion-field");
  }

  @Test
  void namesOfFilesMayHaveAnyCharacter() throws IOException {
    Path in = Files.createDirectories(folder.resolve("in [1] 50%"));
    Files.copy(resource("byte-order-mark"), in.resolve("2024-01-01T00:00:00 {größe}#?.jsonl"));
    Files.writeString(in.resolve("bad:.jsonl"), "nonsense\n");

    ShardReport.SetReport report = run(in, 1);

    assertThat(report.rows()).isEqualTo(2);
    assertThat(report.examples().get(0).file()).endsWith("/in [1] 50%/bad:.jsonl");
  }

  @Test
  void anEmptyFileIsAnEmptyCorpus() {
    assertThatThrownBy(() -> shard("empty"))
        .hasMessageStartingWith("No rows in the forget corpus [file:")
        .hasMessageContaining("0 read, 0 removed by the row filter, 0 in both corpora");
  }

  @Test
  void filterThatRemovesAllRowsIsReported() {
    assertThatThrownBy(
            () ->
                shard(
                    settings(resource("byte-order-mark"))
                        .where(RowFilter.where(Map.of("task", Set.of("Task9"))))))
        .hasMessageContaining("2 read, 2 removed by the row filter");
  }

  @Test
  void unreadableInputsAreReportedByName() throws IOException {
    assertThatThrownBy(() -> run(folder.resolve("absent.jsonl"), 1))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.INPUT))
        .hasMessageMatching(
            "Cannot read file:.*absent.jsonl: no such file; check that the file exists and is"
                + " complete");
    Files.createDirectories(folder.resolve("hollow"));
    Files.createFile(folder.resolve("hollow/_SUCCESS"));
    assertThatThrownBy(() -> run(folder.resolve("hollow"), 1))
        .hasMessageStartingWith("No files in file:");
    assertThatThrownBy(() -> runUri(URI.create("nowhere://host/x.jsonl")))
        .hasMessageStartingWith("File system not available for nowhere://host/x.jsonl: No");
    Files.write(folder.resolve("packed.jsonl"), new byte[] {0x1F, (byte) 0x8B, 8, 0});
    assertThatThrownBy(() -> run(folder.resolve("packed.jsonl"), 1))
        .hasMessageContaining("Unexpected end of input stream");
    Files.writeString(folder.resolve("text.parquet"), "{}");
    assertThatThrownBy(() -> run(folder.resolve("text.parquet"), 1))
        .hasMessageContaining("does not begin with PAR1");
  }

  @Test
  void truncatedParquetAndWrongColumnTypesAreReported() throws IOException {
    RowSchema schema = RowSchema.of("x", Column.string("input"), Column.integer("output"));
    Path file = folder.resolve("numbers.parquet");
    RowFiles.write(
        schema,
        List.of(schema.row(SECRET, 1)).iterator(),
        new org.apache.hadoop.fs.Path(file.toUri()),
        configuration);
    byte[] bytes = Files.readAllBytes(file);
    Path cut = folder.resolve("truncated.parquet");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(() -> run(cut, 1))
        .hasMessageStartingWith("Cannot read file:")
        .hasMessageContaining("truncated.parquet");
    assertThatThrownBy(() -> run(file, 1))
        .hasMessageContaining("Column 'output' of file:")
        .hasMessageContaining("is 'required int64 output', expected a string");
  }

  @Test
  void failureInATaskShowsTheRowIdButNotItsText() throws IOException {
    Path file = folder.resolve("forget.jsonl");
    Files.writeString(file, "{\"id\":\"r1\",\"input\":\"p\",\"output\":\"" + SECRET + "\"}\n");
    RowEncoder.Source failing =
        hadoop ->
            (id, prompt, completion, maxLength) -> {
              throw new IllegalStateException(completion);
            };

    Throwable thrown =
        catchThrowable(
            () ->
                new Sharder(SparkFixture.session(), failing).run(settings(file).build(), output()));

    assertThat(thrown)
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Cannot encode row r1 ("
                + PairDigest.of("p", SECRET)
                + "): IllegalStateException in the tokenizer");
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(SECRET);
  }

  @Test
  void invalidSettingsAreRejected() {
    SharderTest.Settings settings = SharderTest.settings(folder, folder);

    assertThatThrownBy(() -> settings.workers(0).build())
        .hasMessage("Invalid workers: 0, expected at least 1");
    assertThatThrownBy(() -> settings.workers(1).quarantineLimit(Double.NaN).build())
        .hasMessage("Invalid quarantine limit: NaN, expected 0 to 1");
    assertThatThrownBy(() -> new FieldNames("id", "text", "text", "task"))
        .hasMessage("Invalid field names: [id, text, text, task], one occurs twice");
    assertThatThrownBy(() -> RowFilter.where(Map.of("task", Set.of())))
        .hasMessage("Invalid row filter: no value for task");
  }

  private ShardReport.SetReport shard(String name) {
    return run(resource(name), 1);
  }

  private ShardReport.SetReport run(Path forget, double quarantineLimit) {
    return shard(settings(forget).quarantineLimit(quarantineLimit)).forget();
  }

  private void runUri(URI forget) {
    shard(new SharderTest.Settings(List.of(forget), List.of()));
  }

  private ShardReport shard(SharderTest.Settings settings) {
    return new Sharder(SparkFixture.session(), CharacterEncoder.SOURCE)
        .run(settings.build(), output());
  }

  /** Settings without a retain corpus. */
  private SharderTest.Settings settings(Path forget) {
    return SharderTest.settings(forget, folder).without(CorpusSet.RETAIN);
  }

  private org.apache.hadoop.fs.Path output() {
    return new org.apache.hadoop.fs.Path(folder.resolve("shards").toUri());
  }

  private static Path resource(String name) {
    try {
      return Path.of(BrokenCorpusTest.class.getResource("/corpus/" + name + ".jsonl").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
