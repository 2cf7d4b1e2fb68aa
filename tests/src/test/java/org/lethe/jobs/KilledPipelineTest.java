package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One pipeline as real processes, killed with signal 9 again and again, with a secret in its
 * corpora: it ends with the bytes of a run that nobody disturbed, and at no time has the secret got
 * anywhere but into shards, rows and corpora.
 */
final class KilledPipelineTest {
  private static final int KILLED = 128 + 9;
  private static final String CANARY = "Zxqvantombirdfluxwq";

  @TempDir private Path folder;
  private PipelineFixture fixture;

  @BeforeEach
  void make() throws IOException {
    fixture = new PipelineFixture(folder);
  }

  @Test
  void aKilledRunThatStartsAgainEndsWithTheSameBytesAndNothingLeaks() throws Exception {
    for (String set : List.of("forget", "retain")) {
      List<String> rows = new ArrayList<>(Files.readAllLines(fixture.corpus(set)));
      rows.add(0, row("canary-" + set, "\"Who is " + CANARY + set + "?\"", "\"" + CANARY + "\""));
      rows.add(row("wrong-" + set, "\"" + CANARY + "\"", "{\"" + CANARY + "\":1}"));
      rows.add("{\"id\":\"cut-" + set + "\",\"input\":\"" + CANARY);
      rows.add("{\"" + CANARY + "\":\"" + CANARY + "\"}");
      Files.write(fixture.corpus(set), rows);
    }

    // Too many malformed rows: refused, and named by place.
    assertThat(run("first", "")).isEqualTo(3);
    assertThat(log()).contains("INPUT: 3 of 24 rows of the forget corpus are malformed");
    assertNoLeak();
    String limit = "lethe.shard.quarantine-limit=0.5";
    assertThat(run("cut", "shard:before-manifest", limit)).isEqualTo(KILLED);
    assertNoLeak();
    assertThat(fixture.run("cut/shards/manifest.json")).doesNotExist();
    // Two workers times two rounds, and one of the third.
    assertThat(run("cut", "round:contribution", "5", limit)).isEqualTo(KILLED);
    assertThat(fixture.run("cut/rounds/000002/round.json")).exists();
    assertThat(fixture.run("cut/rounds/000003")).doesNotExist();
    assertThat(run("cut", "release:before-rename", limit)).isEqualTo(KILLED);
    assertThat(fixture.run("cut/model")).doesNotExist();
    assertNoLeak();
    assertThat(run("cut", "", limit)).as(log()).isZero();
    assertNoLeak();
    assertThat(log()).doesNotContain("\tat ");

    assertThat(fixture.pipeline("whole", limit).status()).isZero();
    assertThat(fixture.run("cut/model/model.safetensors"))
        .hasSameBinaryContentAs(fixture.run("whole/model/model.safetensors"));
    for (String file :
        List.of(
            "shards/forget/worker-00000.parquet",
            "evaluation/before/rows.parquet",
            "evaluation/after/rows.parquet")) {
      assertThat(fixture.run("cut/" + file)).hasSameBinaryContentAs(fixture.run("whole/" + file));
    }
    assertThat(Files.readAllLines(fixture.run("cut/metrics/rounds.jsonl"))).hasSize(3);

    // A row that fails: a template that quotes what it is given.
    Path config = fixture.model("tokenizer_config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst(
                "\\{", "{\"chat_template\":\"{{ raise_exception(messages[0].content) }}\","));
    assertThat(run("chat", "", limit, "lethe.model.template=chat")).isEqualTo(3);
    assertThat(log()).contains("INPUT: Chat template of").doesNotContain("\tat ");
    assertNoLeak();
  }

  private static String row(String id, String prompt, String completion) {
    return "{\"id\":\"" + id + "\",\"input\":" + prompt + ",\"output\":" + completion + "}";
  }

  private int run(String name, String phase, String... settings) throws Exception {
    boolean counted = settings.length > 0 && settings[0].matches("\\d+");
    List<String> arguments = new ArrayList<>(List.of("pipeline"));
    arguments.addAll(
        fixture.flags(name, Arrays.copyOfRange(settings, counted ? 1 : 0, settings.length)));
    Files.createDirectories(folder.resolve("events"));
    Files.createDirectories(folder.resolve("temporary"));
    Files.createDirectories(folder.resolve("local"));
    arguments.addAll(
        List.of(
            "--set",
            "lethe.spark.settings={\"spark.eventLog.enabled\" = \"true\", \"spark.eventLog.dir\" ="
                + " \"file:"
                + folder.resolve("events")
                + "\", \"spark.local.dir\" = \""
                + folder.resolve("local")
                + "\", \"spark.eventLog.compress\" = \"false\"}"));
    Process process =
        ChildProcess.builder(
                PipelineProcess.class,
                arguments,
                "test.kill=" + phase,
                "test.time=" + (counted ? settings[0] : "1"),
                "java.io.tmpdir=" + folder.resolve("temporary"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  /** Looks at every byte, where text may stand and where it must not. */
  private void assertNoLeak() throws IOException {
    List<String> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = folder.relativize(file).toString();
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            if (!mayHoldText(name) && (bytes + name).contains(CANARY)) {
              found.add(name);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(found).isEmpty();
    // The search itself works: the corpora hold the secret, and the logs it could be in are there.
    assertThat(Files.readString(fixture.corpus("forget"))).contains(CANARY);
    assertThat(folder.resolve("events")).isNotEmptyDirectory();
  }

  private static boolean mayHoldText(String name) {
    return name.startsWith("corpus/")
        || name.matches("[a-z]+/shards/(forget|retain|quarantine|alternatives)/.*\\.parquet")
        || name.matches("[a-z]+/evaluation/(before|after)/(parts/.*|rows)\\.parquet");
  }
}
