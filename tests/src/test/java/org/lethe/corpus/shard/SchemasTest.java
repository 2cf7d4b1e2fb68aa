package org.lethe.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.SparkFixture;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.reveal.RevealStep.Trial;
import org.lethe.cluster.training.RoundMetrics;
import org.lethe.corpus.AttackRows;
import org.lethe.corpus.EvaluationRows;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.find.FindReport;
import org.lethe.corpus.input.CharacterEncoder;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.corpus.table.ImportedTable;
import org.lethe.error.ExitClass;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.NotMeasured;
import org.lethe.evaluation.attack.AttackRow;
import org.lethe.evaluation.attack.AttackSummary;
import org.lethe.evaluation.attack.Quantity;
import org.lethe.evaluation.monitor.Forgetting;
import org.lethe.evaluation.monitor.MarginReading;
import org.lethe.evaluation.monitor.MonitorReading;
import org.lethe.evaluation.monitor.MonitorSample;
import org.lethe.evaluation.monitor.SetReading;
import org.lethe.evaluation.monitor.StopOutcome;
import org.lethe.reveal.filter.ClaimCounts;
import org.lethe.reveal.search.Reward;
import org.lethe.reveal.search.SearchSettings.Strategy;
import org.lethe.reveal.search.WeightSearch;
import org.lethe.run.ChosenWeight;
import org.lethe.run.Documents;
import org.lethe.run.Iterations;
import org.lethe.run.ResultDocument;
import org.lethe.run.RunDocument;
import org.lethe.run.StageManifest;
import org.lethe.run.retention.Deletion;
import org.lethe.store.FileSystems;

/** Compares data-schemas with the written documents, in both directions. */
final class SchemasTest {
  private static final Path SCHEMAS =
      Path.of(System.getProperty("lethe.repository"), "data-schemas");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DIGEST = "ab".repeat(32);
  private static final SortedMap<String, String> DIGESTS = new TreeMap<>(Map.of("file", DIGEST));
  private static final SortedMap<String, String> WORDS = new TreeMap<>(Map.of("key", "value"));
  private static final SortedMap<String, Double> FIGURES = new TreeMap<>(Map.of("loss", 0.5));

  private final Configuration configuration = new Configuration();

  @TempDir Path folder;

  static Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(SCHEMAS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".schema.json"))
          .map(name -> name.replace(".schema.json", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void everySchemaAcceptsItsExampleAndRejectsAnEmptyDocument(String name) {
    assertThat(errors(name, json(SCHEMAS.resolve(name + ".example.json")))).isEmpty();
    assertThat(errors(name, JSON.createObjectNode())).isNotEmpty();
  }

  @Test
  void everySchemaIsListedInTheReadme() throws IOException {
    String readme = Files.readString(SCHEMAS.resolve("README.md"));

    assertThat(names()).isNotEmpty().allSatisfy(name -> assertThat(readme).contains("| " + name));
  }

  @Test
  void theParquetFilesHaveTheColumnsOfTheirSchemas() {
    agrees("shard-row", ShardReader.SCHEMA);
    agrees("quarantined-row", QuarantineTask.SCHEMA);
    agrees("evaluation-row", EvaluationRows.SCHEMA);
    agrees("attack-row", AttackRows.SCHEMA);
  }

  @Test
  void documentsOfARunMatchTheirSchemas() {
    agrees("manifest", new StageManifest(1, "shard", "r", DIGEST, WORDS, DIGESTS, DIGESTS, WORDS));
    agrees("deletion", new Deletion(1, "r", DIGEST, "2026-11-21T09:00:00Z", "30 days", DIGESTS));
    agrees("imported-table", new ImportedTable(1, "delta:/lake/rows@v1", 2, DIGESTS));
    agrees("run", RunDocument.of("r", "", WORDS, WORDS));
    agrees(
        "result",
        new ResultDocument(
            1,
            "shard",
            "r",
            "",
            ExitClass.GATE,
            4,
            "m",
            "2026-11-21T09:00:00Z",
            1.5,
            FIGURES,
            WORDS));
    agrees("record", RecordSample.record());
    agrees(
        "round-metrics",
        new RoundMetrics(
            1,
            8,
            0.7,
            0.4,
            1,
            1,
            -0.5,
            -0.5,
            1,
            0,
            1e-5,
            8,
            8,
            90,
            2,
            1.8,
            0.2,
            0,
            0.1,
            List.of(new RoundMetrics.Layer("layers.0", 1, 1, -0.5)),
            List.of("SKYLAKEX, onednn-avx512")));
    agrees("monitor-reading", READING);
    agrees(
        "stop",
        new StopOutcome(
            StopOutcome.FORMAT,
            "ab".repeat(32),
            "like-unseen",
            "forget rows are like unseen rows",
            5,
            6,
            0.5,
            Forgetting.LIKE_UNSEEN,
            true,
            READING));
  }

  @Test
  void documentsOfRevealMatchTheirSchemas() {
    agrees(
        "iterations",
        new Iterations(
            1,
            FIGURES,
            List.of(
                new Iterations.Line(
                    1, "iterations/01", 8, 3, new TreeMap<>(Map.of("echo", 5)), FIGURES)),
            "iterations/01",
            "FORGOTTEN"));
    agrees(
        "arithmetic",
        new ChosenWeight(
            ChosenWeight.FORMAT,
            "ethos",
            0.2,
            OptionalDouble.of(1),
            new WeightSearch.Point(0, 0.5, 0.05),
            List.of(new WeightSearch.Point(0.2, 0.4, 0.1))));
    Trial ask =
        new Trial(
            "a",
            0,
            "n",
            0,
            8,
            4,
            90,
            Optional.of(new Reward(0.4, 0.5, 0.4, 0.4)),
            Optional.empty());
    RevealReport.CardReport card =
        new RevealReport.CardReport(
            "a",
            1,
            List.of(ask),
            List.of(0),
            8,
            90,
            List.of(2.5),
            "PULLS",
            "",
            new RevealReport.FilterCounts(8, 3, new TreeMap<>(Map.of("echo", 5))),
            List.of(new ClaimCounts("birth date", 3, 2, 1)),
            3,
            1,
            0.2,
            2,
            1);
    agrees("reveal-report", new RevealReport(1, Strategy.GREEDY, List.of(card), List.of(card)));
  }

  @Test
  void shardReportMatchesItsSchema() throws IOException {
    Path corpus = folder.resolve("forget.jsonl");
    Files.writeString(corpus, "{\"id\":1,\"input\":\"p\",\"output\":\"c\"}\n{}\n");
    new Sharder(SparkFixture.session(), CharacterEncoder.SOURCE)
        .run(
            SharderTest.settings(corpus, corpus)
                .overlap(ShardSettings.Overlap.ALLOW)
                .quarantineLimit(1)
                .build(),
            hadoop(folder.resolve("shards")));

    agreesAsJson("shard-report", json(folder.resolve("shards/report.json")));
  }

  @Test
  void findReportMatchesItsSchema() {
    agrees(
        "find-report",
        new FindReport(
            FindReport.FORMAT,
            1,
            9,
            1,
            2,
            1,
            List.of(new FindReport.SubjectReport("odile", 1, List.of("R1")))));
  }

  @Test
  void evaluationsMatchTheirSchemas() {
    EvaluationRow whole =
        new EvaluationRow(
            "forget", "b", "t", "p", "e", Optional.of("g"), 2, Map.of(Metric.LOSS, 0.5));
    EvaluationRow bare =
        new EvaluationRow("forget", "a", "", "p", "e", Optional.empty(), 2, Map.of());
    Path file = folder.resolve("rows.parquet");

    EvaluationRows.write(List.of(whole, bare), hadoop(file), configuration);

    assertThat(EvaluationRows.read(hadoop(file), configuration)).containsExactly(bare, whole);
    agreesAsJson("evaluation-summary", EvaluationSummary.of(List.of(whole, bare), 42).toJson());
  }

  @Test
  void attacksMatchTheirSchemas() {
    AttackRow sampled =
        new AttackRow(
            "sampled",
            1,
            "forget",
            "a",
            2,
            Optional.of(new AttackRow.Texts("e", "g")),
            Map.of(Quantity.ROUGE_L_RECALL, 0.5),
            Optional.empty());
    AttackRow bare =
        new AttackRow(
            "paraphrase",
            0,
            "forget",
            "a",
            2,
            Optional.empty(),
            Map.of(),
            Optional.of(NotMeasured.Reason.NO_PROMPT));
    Path file = folder.resolve("rows.parquet");

    AttackRows.write(List.of(sampled, bare), hadoop(file), configuration);

    assertThat(AttackRows.read(hadoop(file), configuration)).containsExactly(bare, sampled);
    agreesAsJson(
        "attack-summary", AttackSummary.of(List.of(sampled, bare), 42, 8, 0.1, 0.5).toJson());
  }

  @Test
  void schemaRejectsRecordsThatTheSharderQuarantines() throws IOException {
    assertThat(errors("input-record", JSON.readTree("{\"input\":\"p\"}"))).isNotEmpty();
    assertThat(errors("input-record", JSON.readTree("{\"input\":7,\"output\":\"c\"}")))
        .isNotEmpty();
    assertThat(errors("input-record", JSON.readTree("{\"input\":\"\",\"output\":\" \"}")))
        .isNotEmpty();
    assertThat(errors("input-record", JSON.readTree("{\"id\":7,\"input\":\"\",\"output\":\"c\"}")))
        .isEmpty();
  }

  private void agrees(String name, Object document) {
    try {
      org.apache.hadoop.fs.Path path = hadoop(folder.resolve(name + ".json"));
      Documents.write(FileSystems.of(path, configuration), path, document);
      agreesAsJson(name, json(folder.resolve(name + ".json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final Figure FIGURE = new Figure(0.5, 0.4, 0.6, 8);
  private static final SetReading SET = new SetReading(FIGURE, FIGURE, FIGURE, FIGURE);
  private static final MonitorReading READING =
      new MonitorReading(
          6, 0.5, MonitorSample.DECISION, SET, SET, SET, FIGURE, new MarginReading(-0.4, 0.5, 100));

  private static void agreesAsJson(String name, JsonNode document) {
    assertThat(errors(name, document)).as(name).isEmpty();
    assertThat(fields(document)).as(name).isEqualTo(fields(schema(name).path("properties")));
  }

  private static void agrees(String name, RowSchema columns) {
    JsonNode schema = schema(name);
    Set<String> required = new TreeSet<>();
    schema.path("required").forEach(field -> required.add(field.asText()));
    List<String> described = new ArrayList<>();
    schema
        .path("properties")
        .properties()
        .forEach(
            field ->
                described.add(
                    described(
                        field.getKey(), field.getValue(), required.contains(field.getKey()))));
    assertThat(columns.columns().stream().map(SchemasTest::described)).isEqualTo(described);
  }

  private static String described(String name, JsonNode schema, boolean required) {
    String type =
        schema.has("contentEncoding")
            ? "bytes"
            : schema.path("type").asText() + schema.path("items").path("type").asText();
    return name + " " + type + (required ? "" : " optional");
  }

  private static String described(Column column) {
    String type =
        switch (column.kind()) {
          case STRING -> "string";
          case LONG -> "integer";
          case DOUBLE -> "number";
          case INTS -> "arrayinteger";
          case BYTES -> "bytes";
        };
    return column.name()
        + " "
        + type
        + (column.presence() == Column.Presence.OPTIONAL ? " optional" : "");
  }

  private static Set<String> fields(JsonNode node) {
    Set<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<Error> errors(String name, JsonNode document) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(schema(name))
        .validate(document);
  }

  private static JsonNode schema(String name) {
    return json(SCHEMAS.resolve(name + ".schema.json"));
  }

  private static JsonNode json(Path file) {
    try {
      return JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }
}
