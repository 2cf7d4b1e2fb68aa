package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lethe.jobs.KilledRun.CANARY;
import static org.lethe.jobs.KilledRun.KILLED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs a pipeline in real processes that are repeatedly killed with signal 9. It ends with the same
 * bytes as an undisturbed run. A secret in the corpora never appears outside of shards, rows and
 * corpora.
 */
final class KilledPipelineTest {
  @TempDir private Path folder;
  private PipelineFixture fixture;
  private KilledRun killed;

  @BeforeEach
  void make() throws IOException {
    fixture = new PipelineFixture(folder);
    killed = new KilledRun(folder, fixture);
  }

  @Test
  void aKilledRunResumesToTheSameBytesAndLeaksNothing() throws Exception {
    for (String set : List.of("forget", "retain")) {
      List<String> rows = new ArrayList<>(Files.readAllLines(fixture.corpus(set)));
      rows.add(0, row("canary-" + set, "\"Who is " + CANARY + set + "?\"", "\"" + CANARY + "\""));
      rows.add(row("wrong-" + set, "\"" + CANARY + "\"", "{\"" + CANARY + "\":1}"));
      rows.add("{\"id\":\"cut-" + set + "\",\"input\":\"" + CANARY);
      rows.add("{\"" + CANARY + "\":\"" + CANARY + "\"}");
      Files.write(fixture.corpus(set), rows);
    }

    // Too many malformed rows: rejected, with their places.
    assertThat(killed.pipeline("first", "", 1)).isEqualTo(3);
    assertThat(killed.log()).contains("INPUT: 3 of 24 rows of the forget corpus are malformed");
    assertNoLeak();
    String limit = "lethe.shard.quarantine-limit=0.5";
    assertThat(killed.pipeline("cut", "shard:before-manifest", 1, limit)).isEqualTo(KILLED);
    assertNoLeak();
    assertThat(fixture.run("cut/shards/manifest.json")).doesNotExist();
    // The fifth contribution: two workers in two rounds, and one in the third.
    assertThat(killed.pipeline("cut", "round:contribution", 5, limit)).isEqualTo(KILLED);
    assertThat(fixture.run("cut/rounds/000002/round.json")).exists();
    assertThat(fixture.run("cut/rounds/000003")).doesNotExist();
    assertThat(killed.pipeline("cut", "release:before-rename", 1, limit)).isEqualTo(KILLED);
    assertThat(fixture.run("cut/model")).doesNotExist();
    assertNoLeak();
    assertThat(killed.pipeline("cut", "", 1, limit)).as(killed.log()).isZero();
    assertNoLeak();
    assertThat(killed.log()).doesNotContain("\tat ");

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

    // A failing row: the template quotes its input.
    Path config = fixture.model("tokenizer_config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst(
                "\\{", "{\"chat_template\":\"{{ raise_exception(messages[0].content) }}\","));
    assertThat(killed.pipeline("chat", "", 1, limit, "lethe.model.template=chat")).isEqualTo(3);
    assertThat(killed.log()).contains("INPUT: Invalid chat template of").doesNotContain("\tat ");
    assertNoLeak();
  }

  private static String row(String id, String prompt, String completion) {
    return "{\"id\":\"" + id + "\",\"input\":" + prompt + ",\"output\":" + completion + "}";
  }

  private void assertNoLeak() throws IOException {
    killed.assertNoLeak(KilledPipelineTest::mayHoldText, "corpus/forget.jsonl"::equals);
  }

  private static boolean mayHoldText(String name) {
    return name.startsWith("corpus/")
        || name.matches("[a-z]+/shards/(forget|retain|quarantine|alternatives)/.*\\.parquet")
        || name.matches("[a-z]+/evaluation/(before|after)/(parts/.*|rows)\\.parquet");
  }
}
