package org.lethe.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SparkFixture;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.input.CharacterEncoder;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.input.PairDigest;
import org.lethe.corpus.input.RowFilter;
import org.lethe.corpus.input.ShardRow;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.corpus.shard.ShardSettings.Duplicates;
import org.lethe.corpus.shard.ShardSettings.Overlap;

final class SharderTest {
  private final Configuration configuration = new Configuration();

  @TempDir Path folder;

  @Test
  void everyRowIsInExactlyOneShardUnchanged() {
    Path forget = jsonLines("forget", 25, "F");
    Path retain = jsonLines("retain", 17, "R");

    ShardReport report = shard(settings(forget, retain).workers(3));

    assertThat(ids(CorpusSet.FORGET, 3))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 25).mapToObj(i -> "F" + i).toList());
    assertThat(ids(CorpusSet.RETAIN, 3)).hasSize(17).doesNotHaveDuplicates();
    ShardRow row =
        rows(CorpusSet.FORGET, 3).stream().filter(r -> r.id().equals("F3")).findFirst().get();
    assertThat(row.task()).isEqualTo("Task2");
    assertThat(row.prompt()).isEqualTo("Prompt 3 of F?");
    assertThat(row.completion()).isEqualTo("Completion xxx.");
    assertThat(row.digest()).isEqualTo(PairDigest.of(row.prompt(), row.completion()));
    assertThat(row.toExample())
        .usingRecursiveComparison()
        .isEqualTo(
            new CharacterEncoder().encode("F3", row.prompt(), row.completion(), 64).example());
    assertThat(report.forget().rows()).isEqualTo(25);
    assertThat(report.forget().tokens())
        .isEqualTo(rows(CorpusSet.FORGET, 3).stream().mapToLong(r -> r.tokens().length).sum());
    long longest = 64;
    assertThat(report.forget().shards())
        .hasSize(3)
        .allSatisfy(
            s ->
                assertThat(s.tokens())
                    .isBetween(
                        report.forget().tokens() / 3 - longest,
                        report.forget().tokens() / 3 + longest));
  }

  @Test
  void theSeedChangesTheOrderAndNothingElse() {
    Path forget = jsonLines("forget", 20, "F");
    Path retain = jsonLines("retain", 2, "R");

    shard(settings(forget, retain).seed(1));
    List<String> first = ids(CorpusSet.FORGET, 1);
    shard(settings(forget, retain).seed(2));
    List<String> second = ids(CorpusSet.FORGET, 1);

    assertThat(second).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void aWorkerMayGetNoRows() {
    ShardReport report =
        shard(settings(jsonLines("forget", 1, "F"), jsonLines("retain", 2, "R")).workers(3));

    assertThat(report.forget().shards())
        .extracting(ShardReport.Shard::rows)
        .containsExactly(1L, 0L, 0L);
    assertThat(ids(CorpusSet.RETAIN, 3)).containsExactlyInAnyOrder("R0", "R1");
  }

  @Test
  void oneCorpusIsEnough() {
    ShardReport report =
        shard(settings(jsonLines("forget", 3, "F"), folder).without(CorpusSet.RETAIN));

    assertThat(report.retain().rows()).isZero();
    assertThat(ids(CorpusSet.RETAIN, 1)).isEmpty();
  }

  @Test
  void duplicatesAreDroppedOrKeptAndCountedEitherWay() {
    Path forget =
        lines(
            "forget",
            record("a", "Who?", "She."),
            record("b", "Who? ", " She."),
            record("c", "Who?", "He."));
    Path retain = jsonLines("retain", 1, "R");

    ShardReport dropped = shard(settings(forget, retain));
    assertThat(ids(CorpusSet.FORGET, 1)).containsExactlyInAnyOrder("a", "c");
    ShardReport kept = shard(settings(forget, retain).duplicates(Duplicates.KEEP));

    assertThat(ids(CorpusSet.FORGET, 1)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(dropped.forget().duplicates()).isEqualTo(1);
    assertThat(kept.forget().duplicates()).isEqualTo(1);
  }

  @Test
  void anExampleInBothCorporaIsAnErrorUnlessItIsAllowed() {
    Path forget = lines("forget", record("a", "Who?", "She."), record("b", "What?", "It."));
    Path retain = lines("retain", record("x", "Who?", "She."), record("y", "When?", "Now."));
    String digest = PairDigest.of("Who?", "She.");

    assertThatThrownBy(() -> shard(settings(forget, retain)))
        .hasMessage(
            "1 example is in both the forget and the retain corpus (forget id = retain id, digest):"
                + " a = x ("
                + digest
                + "); remove them from one corpus, or set lethe.shard.overlap");
    ShardReport dropped = shard(settings(forget, retain).overlap(Overlap.DROP_FROM_RETAIN));
    assertThat(ids(CorpusSet.RETAIN, 1)).containsExactly("y");
    assertThat(dropped.overlap().examples())
        .containsExactly(new ShardReport.OverlappingRow("a", "x", digest));
    shard(settings(forget, retain).overlap(Overlap.ALLOW));
    assertThat(ids(CorpusSet.RETAIN, 1)).containsExactlyInAnyOrder("x", "y");
  }

  @Test
  void theRowFilterAndTheLimitChooseRows() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      lines.add(
          "{\"id\":\"F%d\",\"input\":\"p%d\",\"output\":\"c\",\"task\":\"Task%d\"}"
              .formatted(i, i, i % 2));
    }
    Path forget = lines("forget", lines.toArray(String[]::new));

    ShardReport report =
        shard(
            settings(forget, jsonLines("retain", 5, "R"))
                .where(RowFilter.where(Map.of("task", Set.of("Task1", "Task2"))))
                .limit(3));

    assertThat(ids(CorpusSet.FORGET, 1)).containsExactlyInAnyOrder("F1", "F3", "F5");
    assertThat(report.forget().filtered()).isEqualTo(5);
    assertThat(report.retain().rows()).isEqualTo(3);
  }

  @Test
  void rowsWithoutAnIdAreNamedAfterTheirDigest() {
    Path forget = lines("forget", "{\"q\":\"Who?\",\"a\":\"She.\"}");
    Path retain = lines("retain", "{\"q\":\"Why?\",\"a\":\"So.\"}");

    shard(settings(forget, retain).fields(new FieldNames("id", "q", "a", "task")));

    assertThat(ids(CorpusSet.FORGET, 1))
        .containsExactly("row-" + PairDigest.of("Who?", "She.").substring(0, 16));
  }

  @Test
  void longExamplesAreCutAndCounted() {
    Path forget = lines("forget", record("a", "Who?", "x".repeat(100_000)), record("b", "p", "c"));

    ShardReport report = shard(settings(forget, jsonLines("retain", 1, "R")));

    assertThat(report.forget().truncated()).isEqualTo(1);
    assertThat(rows(CorpusSet.FORGET, 1))
        .allSatisfy(row -> assertThat(row.tokens()).hasSizeLessThanOrEqualTo(64));
  }

  @Test
  void parquetIsReadByColumnNames() {
    RowSchema schema =
        RowSchema.of(
            "other_tool",
            Column.integer("number"),
            Column.string("question").optional(),
            Column.string("answer"),
            Column.real("score"));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      rows.add(schema.row(i, "Question " + i, "Answer", 0.5));
    }
    rows.add(schema.row(9, java.util.Optional.empty(), "SECRET-TEXT", 0.5));
    Path forget = folder.resolve("parts").resolve("part-0.parquet");
    RowFiles.write(schema, rows.iterator(), hadoop(forget), configuration);

    ShardReport report =
        shard(
            settings(forget.getParent(), forget)
                .without(CorpusSet.RETAIN)
                .quarantineLimit(0.1)
                .fields(new FieldNames("number", "question", "answer", "task")));

    assertThat(ids(CorpusSet.FORGET, 1))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 9).mapToObj(Integer::toString).toList());
    assertThat(report.forget().examples())
        .extracting(ShardReport.QuarantinedRow::line, ShardReport.QuarantinedRow::reason)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(10L, "missing-field question"));
  }

  @Test
  void anEarlierAttemptLeavesNothingBehind() throws IOException {
    Path forget = jsonLines("forget", 4, "F");
    Path retain = jsonLines("retain", 4, "R");
    shard(settings(forget, retain).workers(4));

    shard(settings(forget, retain).workers(2));

    assertThat(shardBytes())
        .containsOnlyKeys(
            "forget/worker-00000.parquet",
            "forget/worker-00001.parquet",
            "retain/worker-00000.parquet",
            "retain/worker-00001.parquet");
  }

  ShardReport shard(Settings settings) {
    return new Sharder(SparkFixture.session(), CharacterEncoder.SOURCE)
        .run(settings.build(), output());
  }

  org.apache.hadoop.fs.Path output() {
    return hadoop(folder.resolve("shards"));
  }

  private List<ShardRow> rows(CorpusSet set, int workers) {
    return IntStream.range(0, workers)
        .mapToObj(
            i -> folder.resolve("shards/%s/worker-%05d.parquet".formatted(set.label(), i)).toUri())
        .flatMap(file -> ShardReader.read(file, configuration).stream())
        .toList();
  }

  List<String> ids(CorpusSet set, int workers) {
    return rows(set, workers).stream().map(ShardRow::id).toList();
  }

  Map<String, byte[]> shardBytes() throws IOException {
    return shardBytes(folder.resolve("shards"));
  }

  static Map<String, byte[]> shardBytes(Path shards) throws IOException {
    Map<String, byte[]> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(shards)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        all.put(shards.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return all;
  }

  Path jsonLines(String name, int rows, String prefix) {
    return lines(
        name,
        IntStream.range(0, rows)
            .mapToObj(
                i ->
                    record(
                        prefix + i,
                        "Prompt " + i + " of " + prefix + "?",
                        "Completion " + "x".repeat(i % 20) + "."))
            .toArray(String[]::new));
  }

  Path lines(String name, String... lines) {
    try {
      return Files.write(folder.resolve(name + ".jsonl"), List.of(lines), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static String record(String id, String prompt, String completion) {
    return "{\"id\":\"%s\",\"input\":\"%s\",\"output\":\"%s\",\"task\":\"Task2\"}"
        .formatted(id, prompt, completion);
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  static Settings settings(Path forget, Path retain) {
    return new Settings(List.of(forget.toUri()), List.of(retain.toUri()));
  }

  /** Settings for tests: one worker, 64 tokens, no malformed row allowed. */
  static final class Settings {
    private List<URI> forget;
    private List<URI> retain;
    private FieldNames fields = FieldNames.lume();
    private int workers = 1;
    private Duplicates duplicates = Duplicates.DROP;
    private Overlap overlap = Overlap.ERROR;
    private double quarantineLimit;
    private long seed = 42;
    private RowFilter where = RowFilter.all();
    private OptionalLong limit = OptionalLong.empty();
    private RetainSample sample = RetainSample.all();
    private List<URI> exclude = List.of();

    Settings(List<URI> forget, List<URI> retain) {
      this.forget = forget;
      this.retain = retain;
    }

    Settings without(CorpusSet set) {
      forget = set == CorpusSet.FORGET ? List.of() : forget;
      retain = set == CorpusSet.RETAIN ? List.of() : retain;
      return this;
    }

    Settings fields(FieldNames names) {
      fields = names;
      return this;
    }

    Settings workers(int count) {
      workers = count;
      return this;
    }

    Settings duplicates(Duplicates policy) {
      duplicates = policy;
      return this;
    }

    Settings overlap(Overlap policy) {
      overlap = policy;
      return this;
    }

    Settings quarantineLimit(double share) {
      quarantineLimit = share;
      return this;
    }

    Settings seed(long value) {
      seed = value;
      return this;
    }

    Settings where(RowFilter filter) {
      where = filter;
      return this;
    }

    Settings limit(long rows) {
      limit = OptionalLong.of(rows);
      return this;
    }

    Settings exclude(Path files) {
      exclude = List.of(files.toUri());
      return this;
    }

    Settings sample(RetainSample taken) {
      sample = taken;
      return this;
    }

    ShardSettings build() {
      return new ShardSettings(
          forget,
          retain,
          fields,
          64,
          workers,
          duplicates,
          overlap,
          quarantineLimit,
          seed,
          where,
          limit,
          sample,
          exclude);
    }
  }
}
