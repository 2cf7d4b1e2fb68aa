package org.lethe.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.run.Stages.Partial;

final class StagesTest {
  @TempDir private Path folder;
  private RunDirectory directory;
  private Stages stages;
  private int runs;

  @BeforeEach
  void open() {
    directory = RunDirectory.at(folder.toString(), new Configuration());
    stages = new Stages(directory, "run-1", new TreeMap<>(Map.of("lethe", "1")));
  }

  @AfterEach
  void clear() {
    PhaseHook.clear();
  }

  @Test
  void finishedStageIsSkipped() {
    assertThat(shard("a", 7).skipped()).isFalse();
    Stages.Outcome again = shard("a", 7);
    assertThat(again.skipped()).isTrue();
    assertThat(runs).isEqualTo(1);
    assertThat(again.manifest().outputs())
        .containsExactly(Map.entry("rows.txt", Digests.of("rows of a")));
  }

  @Test
  void theSameInputsGiveTheSameManifestBytes() throws IOException {
    shard("a", 7);
    byte[] first = Files.readAllBytes(folder.resolve("shards/manifest.json"));
    Documents.delete(directory.fileSystem(), directory.shards());
    shard("a", 7);
    assertThat(Files.readAllBytes(folder.resolve("shards/manifest.json"))).isEqualTo(first);
  }

  @Test
  void changedInputsAreRejectedByName() {
    shard("a", 7);
    assertThatThrownBy(() -> shard("b", 9))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.CONFLICT))
        .hasMessageContaining("Inputs of stage 'shard' changed since " + directory.shards())
        .hasMessageContaining("corpus has other bytes")
        .hasMessageContaining("lethe.shard.seed was 7, is now 9")
        .hasMessageEndingWith("Use a new --run-dir, or delete that folder to run the stage again");
  }

  @Test
  void changedOutputIsRejectedByName() throws IOException {
    shard("a", 7);
    Files.writeString(folder.resolve("shards/rows.txt"), "other");
    assertThatThrownBy(() -> shard("a", 7))
        .hasMessageContaining("Outputs of stage 'shard'")
        .hasMessageContaining("rows.txt has other bytes");
    Files.delete(folder.resolve("shards/rows.txt"));
    assertThatThrownBy(() -> stages.required("shard", directory.shards(), "shard"))
        .hasMessageContaining("rows.txt is missing");
  }

  @Test
  void stageWithoutManifestStartsAgain() throws IOException {
    dieAt("shard:before-manifest");
    assertThatThrownBy(() -> shard("a", 7)).hasMessage("killed");
    PhaseHook.clear();
    Files.writeString(folder.resolve("shards/left-over.txt"), "of the first attempt");
    shard("b", 7);
    assertThat(folder.resolve("shards/left-over.txt")).doesNotExist();
    assertThat(runs).isEqualTo(2);
  }

  @Test
  void resumableStageKeepsItsFolderButRejectsOtherInputs() {
    List<String> found = new ArrayList<>();
    dieAt("unlearn:before-manifest");
    assertThatThrownBy(() -> unlearn("a", found)).hasMessage("killed");
    PhaseHook.clear();
    assertThatThrownBy(() -> unlearn("b", found))
        .hasMessageContaining("Inputs of stage 'unlearn' changed")
        .hasMessageContaining("corpus has other bytes");
    assertThat(unlearn("a", found).skipped()).isFalse();
    assertThat(found).containsExactly("fresh", "resumed");
    assertThat(folder.resolve("candidate/started.json")).doesNotExist();
  }

  @Test
  void missingStageNamesTheCommandToRun() {
    assertThatThrownBy(() -> stages.required("shard", directory.shards(), "shard"))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.INPUT))
        .hasMessageContaining("run 'lethe shard' on this run directory first");
  }

  @Test
  void manifestWithAnOutsidePathIsRejected() throws IOException {
    shard("a", 7);
    Path manifest = folder.resolve("shards/manifest.json");
    for (String path : List.of("../x", "/etc/passwd", "a/../../x", "s3a://b/x", "%2e%2e/x")) {
      shard("a", 7);
      String text = Files.readString(manifest);
      Files.writeString(manifest, text.replace("rows.txt", path));
      assertThatThrownBy(() -> shard("a", 7))
          .hasMessageContaining("Invalid path in a manifest: '" + path + "'");
      Files.writeString(manifest, text);
    }
  }

  @Test
  void invalidManifestIsRejected() throws IOException {
    shard("a", 7);
    Files.writeString(folder.resolve("shards/manifest.json"), "{\"format\": 1, \"sta");
    assertThatThrownBy(() -> shard("a", 7)).hasMessageContaining("Lethe did not write this file");
    Files.writeString(folder.resolve("shards/manifest.json"), "{\"format\": 99, \"stage\": \"x\"}");
    assertThatThrownBy(() -> shard("a", 7)).hasMessageContaining("format 99 found, 1 expected");
  }

  private Stages.Outcome shard(String corpus, int seed) {
    StageInputs inputs =
        new StageInputs(
            "shard",
            new TreeMap<>(Map.of("corpus", Digests.of(corpus))),
            new TreeMap<>(Map.of("lethe.shard.seed", String.valueOf(seed))));
    return stages.run(
        inputs,
        directory.shards(),
        Partial.DISCARD,
        () -> {
          runs++;
          Documents.writeText(
              directory.fileSystem(), directory.below("shards/rows.txt"), "rows of " + corpus);
        });
  }

  private Stages.Outcome unlearn(String corpus, List<String> found) {
    StageInputs inputs =
        new StageInputs(
            "unlearn", new TreeMap<>(Map.of("corpus", Digests.of(corpus))), new TreeMap<>());
    return stages.run(
        inputs,
        directory.candidate(),
        Partial.RESUME,
        () -> {
          org.apache.hadoop.fs.Path state = directory.below("candidate/state");
          found.add(Documents.exists(directory.fileSystem(), state) ? "resumed" : "fresh");
          Documents.writeText(directory.fileSystem(), state, "state");
        });
  }

  private static void dieAt(String phase) {
    PhaseHook.install(
        reached -> {
          if (reached.equals(phase)) {
            throw new IllegalStateException("killed");
          }
        });
  }
}
