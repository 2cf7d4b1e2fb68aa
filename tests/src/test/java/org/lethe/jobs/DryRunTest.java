package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;

/** A dry run opens every input of a command, reads no rows and writes nothing. */
final class DryRunTest {
  @TempDir private Path folder;
  private PipelineFixture fixture;

  @BeforeEach
  void inputs() throws IOException {
    fixture = new PipelineFixture(folder);
  }

  @Test
  void theInputsOfEveryRequestAreChecked() {
    Ended ended =
        fixture.pipeline(
            "run",
            "--dry-run",
            "lethe.corpus.forget=[]",
            "lethe.shard.overlap=refuse",
            "lethe.requests=[{id = one, forget = \""
                + fixture.corpus("forget")
                + "\"},"
                + " {id = two, forget = \""
                + folder.resolve("missing-2.jsonl")
                + "\"},"
                + " {id = three, forget = \""
                + folder.resolve("missing-3.jsonl")
                + "\"}]",
            "lethe.corpus.retain=" + folder.resolve("missing-retain.jsonl"));
    assertThat(ended.status()).as(ended.err()).isEqualTo(3);
    // The retain file belongs to all three and is named once.
    assertThat(ended.err())
        .startsWith("INPUT: Unusable inputs, 3 problems:")
        .containsOnlyOnce("missing-retain.jsonl")
        .containsOnlyOnce("missing-2.jsonl")
        .containsOnlyOnce("missing-3.jsonl");
    assertThat(fixture.run("run")).doesNotExist();
  }

  @Test
  void anAdapterAnUnseenCorpusAndAKeyAreInputsToo() {
    Ended ended =
        fixture.pipeline(
            "run",
            "--dry-run",
            "lethe.model.adapter-path=" + folder.resolve("no-adapter"),
            "lethe.corpus.unseen=[\"" + folder.resolve("no-unseen.jsonl") + "\"]",
            "lethe.release.signing-key=" + folder.resolve("no-key.pem"));
    assertThat(ended.status()).as(ended.err()).isNotZero();
    assertThat(ended.err())
        .contains("Unusable inputs, 3 problems:")
        .contains("no-adapter/adapter_config.json", "no-unseen.jsonl", "no-key.pem");
  }

  @Test
  void aSearchHasInputsOfItsOwn() {
    Ended ended =
        fixture.execute(
            List.of(
                "find",
                "--dry-run",
                "--run-dir",
                fixture.run("run").toString(),
                "--set",
                "lethe.find.corpus=[\"" + folder.resolve("no-corpus.jsonl") + "\"]",
                "--set",
                "lethe.find.cards=[\"" + folder.resolve("no-cards.json") + "\"]"));
    assertThat(ended.status()).as(ended.err()).isEqualTo(3);
    assertThat(ended.err()).contains("no-corpus.jsonl", "no-cards.json");
  }

  @Test
  void aBenchmarkHasInputsOfItsOwn() throws IOException {
    Path data = Files.createDirectory(folder.resolve("tofu"));
    Ended ended =
        fixture.execute(
            List.of(
                "benchmark",
                "tofu",
                "--dry-run",
                "--run-dir",
                fixture.run("run").toString(),
                "--set",
                "lethe.model.path=" + fixture.model(),
                "--set",
                "lethe.benchmark.methods={plain = {}}",
                "--set",
                "lethe.benchmark.tofu.data=" + data));
    assertThat(ended.status()).as(ended.err()).isEqualTo(3);
    assertThat(ended.err()).contains("tofu");
    assertThat(fixture.run("run")).doesNotExist();
  }
}
