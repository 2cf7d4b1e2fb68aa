package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lethe.jobs.KilledRun.CANARY;
import static org.lethe.jobs.KilledRun.KILLED;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs reveal and release in real processes that are killed with signal 9 during a search and
 * during an iteration. It ends with the same revealed corpora as an undisturbed run. Secret names
 * in the topic cards never appear outside of revealed text, shards and rows.
 */
final class KilledRevealTest {
  @TempDir private Path folder;
  private PipelineFixture fixture;
  private RevealFixture reveal;
  private KilledRun processes;

  @BeforeEach
  void make() throws IOException {
    fixture = new PipelineFixture(folder);
    processes = new KilledRun(folder, fixture);
    reveal =
        new RevealFixture(
            fixture, "Odile " + CANARY, "Tobias " + CANARY + "nb", "Ilse " + CANARY + "fx");
  }

  @Test
  void aKilledRunResumesToTheSameRevealedTextAndLeaksNothing() throws Exception {
    // During the search: the second step has its responses but not its document.
    killed("reveal:before-step-document", 2);
    assertThat(first("revealed/steps/000000/step.json")).exists();
    assertThat(first("revealed/steps/000001/step.json")).doesNotExist();
    assertNoLeak();
    // During a module's training, during the line search, and in the second iteration's search.
    killed("module-retain:before-manifest", 1);
    assertThat(first("module-forget/candidate/manifest.json")).exists();
    killed("weight-0.5000:before-manifest", 1);
    assertThat(first("weights/0.0000/manifest.json")).exists();
    assertThat(first("weights/0.5000/manifest.json")).doesNotExist();
    assertNoLeak();
    killed("reveal:step", 3);
    assertThat(first("candidate/manifest.json")).exists();
    assertThat(fixture.run("cut/iterations/02/revealed/steps/000001/step.json")).exists();
    assertThat(run("", 1)).as(processes.log()).isZero();
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
    assertThat(status).as(processes.log()).isEqualTo(KILLED);
  }

  private Path first(String file) {
    return fixture.run("cut/iterations/01/" + file);
  }

  private String[] settings() {
    return reveal.arithmetic("lethe.reveal.iterations=2");
  }

  private int run(String phase, int time) throws Exception {
    return processes.pipeline("cut", phase, time, settings());
  }

  private void assertNoLeak() throws IOException {
    processes.assertNoLeak(KilledRevealTest::mayHoldText, name -> name.contains("/revealed/"));
  }

  private static boolean mayHoldText(String name) {
    return name.startsWith("corpus/")
        || name.matches("[a-z]+/iterations/\\d+/revealed/.*\\.parquet")
        || name.matches("[a-z]+/iterations/\\d+/([a-z-]+/)?shards/(forget|retain)/.*\\.parquet")
        || name.matches("[a-z]+/iterations/\\d+/evaluation/(before|after)/.*\\.parquet")
        || name.matches("[a-z]+/iterations/\\d+/weights/[0-9.]+/.*\\.parquet");
  }
}
