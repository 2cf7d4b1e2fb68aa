package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.corpus.table.FakeTables;
import org.lethe.jobs.PipelineFixture.Ended;

/** Runs on tables, with a data source that stands in for Delta's. */
final class TablesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private PipelineFixture fixture;
  private List<String> forget;

  @BeforeEach
  void makeInputs() throws IOException {
    fixture = new PipelineFixture(folder);
    forget = Files.readAllLines(fixture.corpus("forget"));
    FakeTables.write(folder.resolve("forget"), 0, forget.subList(0, 1));
    List<String> shuffled = new ArrayList<>(forget);
    Collections.reverse(shuffled);
    FakeTables.write(folder.resolve("forget"), 1, shuffled);
    FakeTables.write(folder.resolve("retain"), 3, Files.readAllLines(fixture.corpus("retain")));
  }

  @Test
  void aRunOnTablesEqualsOneOnFilesAndKeepsItsVersion() throws IOException {
    Ended files = fixture.pipeline("files");
    Ended sharded = command("shard", "tables");
    // Rows that are added later are not part of this run.
    FakeTables.write(folder.resolve("forget"), 2, forget.subList(0, 1));
    Ended tables = fixture.pipeline("tables", tables());

    assertThat(files.status()).as(files.err()).isZero();
    assertThat(sharded.status()).as(sharded.err()).isZero();
    assertThat(sharded.out())
        .contains("Table " + table("forget") + "@v1: " + forget.size() + " rows copied");
    assertThat(tables.status()).as(tables.err()).isZero();
    assertThat(tables.out()).doesNotContain("rows copied");
    assertThat(folder.resolve("tables/model/model.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("files/model/model.safetensors"));

    JsonNode record = json("tables/record.json");
    PipelineTest.assertValid("record", folder.resolve("tables/record.json"));
    assertThat(record.path("data").has("forget: " + table("forget") + "@v1")).isTrue();
    assertThat(record.path("data").has("retain: " + table("retain") + "@v3")).isTrue();
    List<String> copies = new ArrayList<>();
    record
        .path("accountability")
        .path("copies")
        .forEach(copy -> copies.add(copy.path("what") + " " + copy.path("place") + " " + copy));
    assertThat(copies)
        .anySatisfy(
            copy ->
                assertThat(copy)
                    .contains("corpus, forget", table("forget") + "@v1", "VACUUM delta.`")
                    .contains("version 1 and the versions before it"))
        .anySatisfy(copy -> assertThat(copy).contains("rows of tables"));
    Ended verified = fixture.execute(List.of("verify", folder.resolve("tables").toString()));
    assertThat(verified.status()).as(verified.err()).isZero();
    for (Path file : documents("tables/tables")) {
      PipelineTest.assertValid("imported-table", file);
    }
  }

  @Test
  void aVersionCanBeNamed() throws IOException {
    Ended ended = command("shard", "run", "lethe.corpus.forget=" + table("forget") + "@v0");

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(json("run/shards/report.json").path("forget").path("read").asInt()).isEqualTo(1);
  }

  @Test
  void copiesAreDeletedWithTheText() throws IOException {
    Ended ended = fixture.pipeline("run", tables("lethe.run.retention=delete-on-release"));

    assertThat(ended.status()).as(ended.err()).isZero();
    try (Stream<Path> left = Files.walk(folder.resolve("run/tables"))) {
      assertThat(left.filter(file -> file.toString().endsWith(".parquet"))).isEmpty();
    }
    Ended again = fixture.pipeline("run", tables("lethe.run.retention=delete-on-release"));
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.out()).contains("its text is deleted").doesNotContain("rows copied");
  }

  @Test
  void aTableOfRequestsDrivesARun() throws IOException {
    int half = forget.size() / 2;
    FakeTables.write(folder.resolve("second"), 0, forget.subList(half, forget.size()));
    Path first = folder.resolve("first.jsonl");
    Files.write(first, forget.subList(0, half));
    FakeTables.write(
        folder.resolve("requests"),
        7,
        List.of(
            "{\"id\":\"b\",\"forget\":[\""
                + table("second")
                + "\"],\"status\":\"open\","
                + "\"gates\":\"{\\\"forget.loss.at-least\\\":0}\"}",
            "{\"id\":\"c\",\"forget\":[\"absent.jsonl\"],\"status\":\"done\"}",
            "{\"id\":\"a\",\"forget\":[\"" + first + "\"],\"status\":\"open\"}"));

    Ended ended =
        fixture.pipeline(
            "run",
            "lethe.corpus.forget=[]",
            "lethe.tables.requests=" + table("requests"),
            "lethe.tables.rows=delta:" + folder.resolve("figures"));

    assertThat(ended.status()).as(ended.err()).isZero();
    JsonNode record = json("run/record.json");
    assertThat(record.path("requests")).hasSize(2);
    assertThat(record.path("requests").get(0).path("id").asText()).isEqualTo("a");
    assertThat(json("run/requests/b/record.json").path("gates")).hasSize(1);
    assertThat(
            json("run/requests/b/record.json")
                .path("data")
                .has("forget: " + table("second") + "@v0"))
        .isTrue();
    PipelineTest.assertValid("requested", folder.resolve("run/tables/requests.json"));
    List<Row> figures =
        FakeTables.WRITTEN.get(
            folder.resolve("figures") + " Overwrite run_id = 'run' AND request_id = 'a'");
    assertThat(figures).isNotEmpty();
    assertThat(figures)
        .allSatisfy(row -> assertThat(row.getString(0) + row.getString(1)).isEqualTo("runa"));
    assertThat(figures.stream().map(row -> row.getString(2)).distinct())
        .containsExactlyInAnyOrder("before", "after");
    String all = figures.toString();
    for (String line : forget) {
      assertThat(all).doesNotContain(JSON.readTree(line).path("output").asText());
    }
  }

  @Test
  void aTableWithoutOpenRequestsIsAnInputError() {
    FakeTables.write(
        folder.resolve("requests"),
        0,
        List.of("{\"id\":\"a\",\"forget\":\"x.jsonl\",\"status\":\"done\"}"));

    Ended ended =
        fixture.pipeline(
            "run", "lethe.corpus.forget=[]", "lethe.tables.requests=" + table("requests"));

    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.err())
        .startsWith("INPUT: No open requests in " + table("requests") + "@v0, expected at least");
  }

  @Test
  void requestsThatCannotBeReadAreNamed() {
    FakeTables.write(folder.resolve("bare"), 0, List.of("{\"id\":\"a\"}"));
    FakeTables.write(
        folder.resolve("gates"),
        0,
        List.of("{\"id\":\"a\",\"forget\":\"x.jsonl\",\"gates\":\"include url(x)\"}"));
    for (List<String> expected :
        List.of(
            List.of("bare", "No column 'forget' in " + table("bare") + "@v0, found [id]"),
            List.of(
                "gates", "Invalid request a in " + table("gates") + "@v0: gates is not a JSON"))) {
      Ended ended =
          fixture.pipeline(
              "run-" + expected.get(0),
              "lethe.corpus.forget=[]",
              "lethe.tables.requests=" + table(expected.get(0)));
      assertThat(ended.status()).isEqualTo(3);
      assertThat(ended.err()).startsWith("INPUT: " + expected.get(1));
    }
  }

  @Test
  void columnsThatAreNoTextAreRefused() {
    FakeTables.write(
        folder.resolve("odd"), 0, List.of("{\"id\":\"a\",\"input\":[\"x\"],\"output\":\"y\"}"));
    Ended list = command("shard", "list", "lethe.corpus.forget=" + table("odd"));
    Ended none =
        command(
            "shard",
            "none",
            "lethe.corpus.prompt-field=question",
            "lethe.corpus.forget=" + table("odd"));

    assertThat(list.status()).isEqualTo(3);
    assertThat(list.err()).contains("Column 'input' of " + table("odd") + "@v0 is 'array<string>'");
    assertThat(none.status()).isEqualTo(3);
    assertThat(none.err())
        .contains("No field 'question' in " + table("odd") + "@v0, found [id, input, output]");
  }

  @Test
  void tablesThatCannotBeOpenedAreNamed() {
    Ended absent = command("shard", "absent", "lethe.corpus.forget=" + table("nowhere"));
    Ended noPackage = command("shard", "none", "lethe.corpus.forget=iceberg:lake.privacy.rows");
    Ended wrong = command("shard", "wrong", "lethe.tables.rows=figures");

    assertThat(absent.status()).isEqualTo(3);
    assertThat(absent.err()).contains("Cannot read " + table("nowhere") + ": no such table");
    assertThat(noPackage.status()).isEqualTo(8);
    assertThat(noPackage.err())
        .startsWith(
            "PLATFORM: Cannot open iceberg:lake.privacy.rows: Spark has no data source iceberg; add"
                + " its jars, for Spark 4.1 those of"
                + " org.apache.iceberg:iceberg-spark-runtime-4.1_2.13, with LETHE_JARS");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("lethe.tables.rows = \"figures\"")
        .contains("expected a table: delta:URI or iceberg:catalog.namespace.table");
  }

  @Test
  void aDryRunLeavesTablesAlone() {
    Ended ended = fixture.pipeline("run", tables("--dry-run"));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(fixture.run("run")).doesNotExist();
  }

  @Test
  void tablesCanBeSearched() throws IOException {
    Ended ended =
        fixture.execute(
            List.of(
                "find",
                "--run-dir",
                folder.resolve("found").toString(),
                "--set",
                "lethe.find.rows=" + fixture.corpus("forget"),
                "--set",
                "lethe.find.corpus=[\"" + table("forget") + "\"]"));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(json("found/found/report.json").path("read").asInt()).isEqualTo(forget.size());
  }

  private String table(String name) {
    return "delta:" + folder.resolve(name);
  }

  private String[] tables(String... settings) {
    return Stream.concat(
            Stream.of(
                "lethe.corpus.forget=" + table("forget"), "lethe.corpus.retain=" + table("retain")),
            Stream.of(settings))
        .toArray(String[]::new);
  }

  private Ended command(String name, String run, String... settings) {
    List<String> arguments = new ArrayList<>(List.of(name));
    arguments.addAll(fixture.flags(run, tables(settings)));
    return fixture.execute(arguments);
  }

  private List<Path> documents(String place) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(place))) {
      return files
          .filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".json"))
          .toList();
    }
  }

  private JsonNode json(String file) throws IOException {
    return JSON.readTree(folder.resolve(file).toFile());
  }
}
