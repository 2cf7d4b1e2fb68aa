package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lethe.jobs.Forger.LAST;
import static org.lethe.jobs.Forger.RECORD;
import static org.lethe.jobs.Forger.rewriteAttacks;
import static org.lethe.jobs.Forger.sealAttacks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.evaluation.attack.Quantity;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.run.Digests;
import org.lethe.tensor.Dtype;
import org.lethe.text.TokenizerTrainer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Attacks on a finished run: files, record, report, gates, and every way of tampering with them.
 */
final class AttackCommandTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String AFTER = "evaluation/requested-after/";

  @TempDir static Path folder;

  private static PipelineFixture fixture;
  private static Path run;
  private static Path retrained;
  private static Ended attacked;

  @TempDir Path copies;

  @BeforeAll
  static void attackOneRun() throws IOException {
    fixture = new PipelineFixture(folder);
    retrained = fixture.run("retrained");
    copyTree(fixture.model(), retrained);
    Ended ended =
        fixture.pipeline(
            "run", "lethe.evaluate.attacks.try=[direct]", "lethe.unlearn.learning-rate.peak=1e-2");
    assertThat(ended.status()).as(ended.err()).isZero();
    run = fixture.run("run");
    attacked = attack(run, "--retrained", retrained.toString());
  }

  private static Ended attack(Path run, String... flags) {
    List<String> arguments = new ArrayList<>(List.of("attack", run.toString()));
    arguments.addAll(List.of(flags));
    return fixture.execute(arguments);
  }

  @Test
  void aFinishedRunIsAttackedAndDecidedAgain() throws IOException {
    assertThat(attacked.status()).as(attacked.err()).isZero();
    JsonNode record = JSON.readTree(run.resolve(RECORD).toFile());
    assertThat(record.path("evidence").path("previous").path("file").asText()).isEqualTo(LAST);
    assertThat(record.path("evidence").path("previous").path("sha256").asText())
        .isEqualTo(Digests.of(Files.readAllBytes(run.resolve(LAST))));
    assertThat(record.path("evidence").path("folders").path("requested-after").asText())
        .isEqualTo("evaluation/requested-after");
    JsonNode after = record.path("after");
    for (String name :
        List.of(
            "forget.attack.relearn.probability",
            "forget.attack.relearn.probability-gain",
            "forget.attack.relearn.control-probability",
            "forget.attack.relearn.probability-r",
            "taught-forget.attack.relearn.probability-r",
            "retain.attack.relearn.extraction-strength",
            "forget.attack.relearn-other.probability",
            "forget.attack.cloze.probability",
            "forget.attack.direct.probability")) {
      assertThat(after.path(name).isNumber()).as(name).isTrue();
    }
    assertThat(record.path("before").path("forget.attack.relearn.probability").isNumber()).isTrue();
    assertThat(record.path("limits").toString()).doesNotContain("relearning", "cloze");
    assertThat(record.path("accountability").path("extraction").toString())
        .contains("attack relearn");
  }

  /** The retrained model is the given one here, so no block tells them apart. */
  @Test
  void theDepthNeedsAModelThatDiffers() throws IOException {
    JsonNode record = JSON.readTree(run.resolve(RECORD).toFile());
    assertThat(record.path("not_measured").path("after.forget.attack.depth.uds").asText())
        .isEqualTo(
            "10 of 10 rows: the retrained model knows the row as well as the given one, in every"
                + " block");
  }

  @Test
  void theReportShowsWhatComesBack() throws IOException {
    assertThat(Files.readString(run.resolve("report.html")))
        .contains(
            "What comes back, by attack",
            "<code>relearn</code>",
            "<code>relearn-other</code>",
            "Belief in the answer (rows that the attacker taught)",
            "that of a model that never saw the forget rows by ",
            "<h2>Accountability</h2>",
            "Copies that remain");
  }

  @Test
  void aSecondCallAddsNoRecord() throws IOException {
    byte[] record = Files.readAllBytes(run.resolve(RECORD));
    Ended ended = attack(run, "--retrained", retrained.toString());
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(Files.readAllBytes(run.resolve(RECORD))).isEqualTo(record);
    assertThat(run.resolve("records/0003.json")).doesNotExist();
  }

  @Test
  void aGateOnAFigureOfRelearningRefusesTheModel() throws IOException {
    Path copy = copy();
    Ended ended =
        attack(
            copy,
            "--retrained",
            retrained.toString(),
            "--set",
            "lethe.gates.forget.attack.relearn.probability.at-most=0");
    assertThat(ended.status()).isEqualTo(ExitClass.GATE.status());
    assertThat(ended.err())
        .contains("forget.attack.relearn.probability is ")
        .contains("expected at most 0");
    assertThat(copy.resolve("model.refused/model.safetensors")).exists();
    assertThat(copy.resolve("model")).doesNotExist();
    assertVerified(copy);
  }

  @Test
  void aRunWithoutARetrainedModelHasNoControl() throws IOException {
    Ended ended = fixture.pipeline("alone");
    assertThat(ended.status()).as(ended.err()).isZero();
    Path alone = fixture.run("alone");
    ended = attack(alone, "--set", "lethe.attack.try=[relearn]");
    assertThat(ended.status()).as(ended.err()).isZero();
    JsonNode record = JSON.readTree(alone.resolve(RECORD).toFile());
    assertThat(record.path("after").path("forget.attack.relearn.probability").isNumber()).isTrue();
    assertThat(
            record.path("not_measured").path("after.forget.attack.relearn.probability-r").asText())
        .contains("there is no model without the forget rows to compare with");
    assertVerified(alone);
  }

  @Test
  void theDepthIsAboutMarkedWordsIfThereAreAny() throws IOException {
    Path entities = folder.resolve("entities.jsonl");
    Files.writeString(entities, "{\"id\": \"nobody\", \"entity\": \"Ada\"}\n");
    Ended ended = fixture.pipeline("marked");
    assertThat(ended.status()).as(ended.err()).isZero();
    Path marked = fixture.run("marked");
    ended =
        attack(
            marked,
            "--retrained",
            retrained.toString(),
            "--set",
            "lethe.attack.try=[depth]",
            "--set",
            "lethe.attack.entities=" + entities);
    assertThat(ended.status()).as(ended.err()).isZero();
    JsonNode record = JSON.readTree(marked.resolve(RECORD).toFile());
    assertThat(record.path("not_measured").path("after.forget.attack.depth.uds").asText())
        .contains("lethe.attack.entities marks no words of the row's answer");
    assertThat(
            JSON.readTree(marked.resolve(AFTER + "manifest.json").toFile())
                .path("inputs")
                .path("entities")
                .asText())
        .isEqualTo(Digests.of(Files.readAllBytes(entities)));
    assertVerified(marked);
  }

  @Test
  void anAdapterIsAttackedWithItsMergedWeights() throws IOException {
    Ended ended = fixture.pipeline("lora", "lethe.model.adapter=lora");
    assertThat(ended.err()).doesNotContain("INTERNAL");
    Path lora = fixture.run("lora");
    ended = attack(lora, "--set", "lethe.attack.try=[relearn, cloze]");
    assertThat(ended.status()).as(ended.err()).isZero();
    assertVerified(lora);
  }

  @Test
  void anotherArchitectureIsRejected() throws IOException {
    Path other = folder.resolve("other");
    LlamaConfig config =
        new LlamaConfig(
            16, 48, 2, 2, 1, 8, 300, 128, 1e-5, 10_000, Optional.empty(), true, Set.of());
    try (Decoder decoder =
        Decoder.load(config.architecture(), Adapter.full(), DataType.FLOAT, new RandomWeights(1))) {
      new ModelDirectoryWriter(new Configuration())
          .writeNew(
              other.toUri(),
              config,
              Dtype.F32,
              TokenizerTrainer.train(List.<String>of().iterator(), 300),
              decoder::forEachTensor);
    }
    Ended ended = attack(copy(), "--retrained", other.toString());
    assertThat(ended.status()).isEqualTo(ExitClass.INPUT.status());
    assertThat(ended.err())
        .contains("Invalid retrained model: ")
        .contains("has other tensors than the model of the run");
  }

  @Test
  void aRunWhoseTextIsDeletedIsRejected() {
    Ended ended = fixture.pipeline("deleted", "lethe.run.retention=delete-on-release");
    assertThat(ended.status()).as(ended.err()).isZero();
    ended = attack(fixture.run("deleted"));
    assertThat(ended.status()).isEqualTo(ExitClass.INPUT.status());
    assertThat(ended.err())
        .contains("is deleted (deletion.json), expected its shards; attacks need the rows");
  }

  @Test
  void anUntouchedCopyIsVerified() throws IOException {
    assertVerified(copy());
  }

  @Test
  void changedAttackRowIsFoundEvenIfAllDigestsAgree() throws IOException {
    for (String attacks : List.of("evaluation/attacks-after/", AFTER)) {
      Path copy = copy();
      rewriteAttacks(copy, attacks, Quantity.PROBABILITY, 0.5);
      sealAttacks(copy, attacks);
      assertEvidence(
          copy,
          "Evidence differs in " + attacks + "rows.parquet: row ",
          ".probability is ",
          ", expected 0.5");
    }
  }

  @Test
  void changedLossOfAnAttackRowIsFoundInTheSummary() throws IOException {
    Path copy = copy();
    rewriteAttacks(copy, AFTER, Quantity.EXACT_MEMORISATION, 0.125);
    sealAttacks(copy, AFTER);
    assertEvidence(
        copy, "Evidence differs in " + AFTER + "summary.json: figures.", ".exact-memorisation.");
  }

  @Test
  void changedSummaryOfAttacksIsFoundEvenIfAllDigestsAgree() throws IOException {
    Path copy = copy();
    Forger.edit(
        copy.resolve(AFTER + "summary.json"),
        summary ->
            ((ObjectNode) summary.path("figures").path("forget.attack.relearn.probability-r"))
                .put("mean", 0.75));
    sealAttacks(copy, AFTER);
    assertEvidence(
        copy,
        "Evidence differs in "
            + AFTER
            + "summary.json:"
            + " figures.forget.attack.relearn.probability-r.mean is ",
        ", expected 0.75");
  }

  @Test
  void flippedBitOfAnAttackFileIsFound() throws IOException {
    for (String file :
        List.of(
            "evaluation/attacks-after/rows.parquet",
            "evaluation/attacks-before/summary.json",
            AFTER + "rows.parquet",
            AFTER + "summary.json",
            AFTER + "manifest.json",
            "metrics/attacks-after.json",
            "metrics/program.json")) {
      Path copy = copy();
      byte[] bytes = Files.readAllBytes(copy.resolve(file));
      bytes[bytes.length / 2] ^= 1;
      Files.write(copy.resolve(file), bytes);
      assertEvidence(copy, "Evidence differs in " + file + ": SHA-256 (named by record.json) is ");
    }
  }

  @Test
  void changedFigureOfAnAttackInTheRecordIsFound() throws IOException {
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("after")).put("forget.attack.cloze.probability", 7.5),
        "Evidence differs in record.json: after.forget.attack.cloze.probability is ",
        ", expected 7.5");
  }

  @Test
  void changedTimeIsFound() throws IOException {
    assertRecordDiffers(
        record -> record.put("created", "2001-01-01T00:00:00Z"),
        "Evidence differs in record.json: created is 2001-01-01T00:00:00Z, expected a time that is"
            + " not before evidence.started, ");
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("evidence")).put("started", "2999-01-01T00:00:00Z"),
        "expected a time that is not before evidence.started, 2999-01-01T00:00:00Z");
    assertRecordDiffers(
        record -> {
          record.put("created", "2001-01-01T00:00:00Z");
          ((ObjectNode) record.path("evidence")).put("started", "2001-01-01T00:00:00Z");
        },
        "Evidence differs in records/0002.json: created is 2001-01-01T00:00:00Z, expected a time"
            + " that is not before created of records/0001.json, ");
    assertRecordDiffers(
        record -> record.put("created", "yesterday"),
        "Evidence differs in record.json: created is yesterday, expected a time (ISO 8601)");
  }

  @Test
  void changedDigestOfTheProgramIsFound() throws IOException {
    String other = "0".repeat(64);
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("code")).put("program", other),
        "Evidence differs in record.json: code.program is ",
        ", expected " + other);
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("code")).put("spark", "9.9"),
        "Evidence differs in record.json: code.spark is ",
        ", expected 9.9");
  }

  private void assertRecordDiffers(Consumer<ObjectNode> change, String... parts)
      throws IOException {
    Path copy = copy();
    Forger.edit(copy.resolve("records/0002.json"), change);
    Files.write(copy.resolve(RECORD), Files.readAllBytes(copy.resolve("records/0002.json")));
    assertEvidence(copy, parts);
  }

  private static void assertEvidence(Path directory, String... parts) {
    Ended ended = fixture.execute(List.of("verify", directory.toString()));
    assertThat(ended.status()).as(ended.err()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(ended.err()).contains(parts);
  }

  private static void assertVerified(Path directory) {
    Ended ended = fixture.execute(List.of("verify", directory.toString()));
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).endsWith("verified: everything is as recorded\n");
  }

  private Path copy() throws IOException {
    Path copy = Files.createTempDirectory(copies, "copy");
    copyTree(run, copy);
    return copy;
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
