package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reveal and release as real processes, killed with signal 9 in mid-search and in mid-iteration,
 * with secret names in its topic cards: it ends with the revealed corpora of a run that nobody
 * disturbed, and at no time have the names got anywhere but into revealed text, shards and rows.
 */
final class KilledRevealTest {
  private static final int KILLED = 128 + 9;
  private static final String CANARY = "Zxqvantombirdfluxwq";

  @TempDir private Path folder;
  private PipelineFixture fixture;
  private RevealFixture reveal;

  @BeforeEach
  void make() throws IOException {
    fixture = new PipelineFixture(folder);
    reveal =
        new RevealFixture(
            fixture, "Odile " + CANARY, "Tobias " + CANARY + "nb", "Ilse " + CANARY + "fx");
  }

  @Test
  void aKilledRunThatStartsAgainRevealsTheSameAndNothingLeaks() throws Exception {
    // In mid-search: the second step has its responses, but not its document.
    killed("reveal:before-step-document", 2);
    assertThat(first("revealed/steps/000000/step.json")).exists();
    assertThat(first("revealed/steps/000001/step.json")).doesNotExist();
    assertNoLeak();
    // While a module is trained, while weights are tried, and in the second iteration's search.
    killed("module-retain:before-manifest", 1);
    assertThat(first("module-forget/candidate/manifest.json")).exists();
    killed("weight-0.5000:before-manifest", 1);
    assertThat(first("weights/none/manifest.json")).exists();
    assertThat(first("weights/0.5000/manifest.json")).doesNotExist();
    assertNoLeak();
    killed("reveal:step", 3);
    assertThat(first("candidate/manifest.json")).exists();
    assertThat(fixture.run("cut/iterations/02/revealed/steps/000001/step.json")).exists();
    assertThat(run("", 1)).as(log()).isZero();
    assertNoLeak();

    PipelineFixture.Ended whole = fixture.pipeline("whole", settings());
    assertThat(whole.status()).as(whole.err()).isZero();
    for (String iteration : List.of("01", "02")) {
      for (String file : List.of("forget", "retain", "held-out-forget")) {
        String name = "iterations/" + iteration + "/revealed/" + file + ".parquet";
        assertThat(fixture.run("cut/" + name))
            .as(name)
            .hasSameBinaryContentAs(fixture.run("whole/" + name));
      }
    }
    assertThat(fixture.run("cut/model/model.safetensors"))
        .hasSameBinaryContentAs(fixture.run("whole/model/model.safetensors"));
  }

  private void killed(String phase, int time) throws Exception {
    int status = run(phase, time);
    assertThat(status).as(log()).isEqualTo(KILLED);
  }

  private Path first(String file) {
    return fixture.run("cut/iterations/01/" + file);
  }

  private String[] settings() {
    return reveal.arithmetic("lethe.reveal.iterations=2");
  }

  private int run(String phase, int time) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("pipeline"));
    arguments.addAll(fixture.flags("cut", settings()));
    for (String name : List.of("events", "temporary", "local")) {
      Files.createDirectories(folder.resolve(name));
    }
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
                "test.time=" + time,
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
    boolean revealed = false;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        boolean secret =
            (Files.readString(file, StandardCharsets.ISO_8859_1) + name).contains(CANARY);
        revealed |= secret && name.contains("/revealed/");
        if (secret && !mayHoldText(name)) {
          found.add(name);
        }
      }
    }
    assertThat(found).isEmpty();
    // The search itself works: revealed text holds the names, and the logs they could be in exist.
    assertThat(revealed).isTrue();
    assertThat(folder.resolve("events")).isNotEmptyDirectory();
  }

  private static boolean mayHoldText(String name) {
    return name.startsWith("corpus/")
        || name.matches("[a-z]+/iterations/\\d+/revealed/.*\\.parquet")
        || name.matches("[a-z]+/iterations/\\d+/([a-z-]+/)?shards/(forget|retain)/.*\\.parquet")
        || name.matches("[a-z]+/iterations/\\d+/evaluation/(before|after)/.*\\.parquet")
        || name.matches("[a-z]+/iterations/\\d+/weights/[0-9a-z.]+/.*\\.parquet");
  }
}
