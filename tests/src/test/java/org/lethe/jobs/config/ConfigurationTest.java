package org.lethe.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.error.EditDistance;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.NameSuggestion;

final class ConfigurationTest {
  @TempDir private Path folder;

  static Stream<Path> shipped() throws IOException {
    Path conf = Path.of(System.getProperty("lethe.repository"), "conf");
    try (Stream<Path> files = Files.list(conf)) {
      return files
          .filter(file -> file.toString().endsWith(".conf"))
          .filter(file -> !file.getFileName().toString().startsWith("spark-defaults"))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyShippedFileLoads(Path file) {
    assertThat(Configuration.load(List.of(file), List.of()).flattened()).isNotEmpty();
  }

  @Test
  void allProblemsAreReportedTogetherWithTheirPlaces() throws IOException {
    Path file =
        write(
            "a.conf",
            "lethe {\n  unlearn { rouns = 3, batch-size = many }\n  corpus.forget = x\n}");
    ConfigurationReader reader =
        Configuration.load(
                List.of(file), List.of("lethe.modle.path=/m", "lethe.unlearn.workers=-1"))
            .reader();
    assertThat(reader.integer("lethe.unlearn.workers", 1, 9)).isEqualTo(1);
    assertThat(reader.integer("lethe.unlearn.batch-size", 1, 9)).isEqualTo(8);
    assertThatThrownBy(reader::done)
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.USAGE))
        .hasMessageContaining("5 problems")
        .hasMessageContaining(
            "lethe.unlearn.workers = \"-1\" (--set lethe.unlearn.workers): expected from 1 to 9")
        .hasMessageContaining(
            "unknown key lethe.unlearn.rouns (a.conf:2); did you mean lethe.unlearn.rounds?")
        .hasMessageContaining("lethe.unlearn.batch-size = many (a.conf:2): expected a number")
        .hasMessageContaining("lethe.corpus.forget = x (a.conf:3): expected a list, as in [a, b]")
        .hasMessageContaining(
            "unknown key lethe.modle (--set lethe.modle.path); did you mean lethe.model?");
  }

  @Test
  void bounds() {
    ConfigurationReader reader =
        Configuration.load(
                List.of(), List.of("lethe.unlearn.rounds=0", "lethe.unlearn.direction=blurr"))
            .reader();
    reader.integer("lethe.unlearn.rounds", 1, 10);
    reader.choice("lethe.unlearn.direction", Choices.of("blur", 1).or("weighted-sum", 2));
    reader.required("lethe.model.path", "the model directory");
    assertThatThrownBy(reader::done)
        .hasMessageContaining(
            "lethe.unlearn.rounds = \"0\" (--set lethe.unlearn.rounds): expected from 1 to 10")
        .hasMessageContaining("expected one of blur, weighted-sum; did you mean blur?")
        .hasMessageContaining("lethe.model.path is not set; give the model directory");
  }

  @Test
  void laterFilesWinAndOverridesWinOverFiles() throws IOException {
    Path first = write("a.conf", "lethe.unlearn { rounds = 1, local-steps = 1, batch-size = 1 }");
    Path second = write("b.conf", "lethe.unlearn { rounds = 2, local-steps = 2 }");
    var flat =
        Configuration.load(List.of(first, second), List.of("lethe.unlearn.rounds=3")).flattened();
    assertThat(flat)
        .containsEntry("lethe.unlearn.rounds", "3")
        .containsEntry("lethe.unlearn.local-steps", "2")
        .containsEntry("lethe.unlearn.batch-size", "1");
  }

  @Test
  void overridesKeepUrisAndListsUnchanged() {
    ConfigurationReader reader =
        Configuration.load(
                List.of(),
                List.of(
                    "lethe.model.path=s3a://bucket/a//b#c",
                    "lethe.corpus.forget=file:///a.jsonl, file:///b.jsonl",
                    "lethe.corpus.retain=[\"x y\"]",
                    "lethe.gates.forget.rouge-l-recall.at-most=0.5"))
            .reader();
    assertThat(reader.text("lethe.model.path")).hasValue("s3a://bucket/a//b#c");
    assertThat(reader.texts("lethe.corpus.forget"))
        .containsExactly("file:///a.jsonl", "file:///b.jsonl");
    assertThat(reader.texts("lethe.corpus.retain")).containsExactly("x y");
    assertThat(reader.section("lethe.gates")).containsEntry("forget.rouge-l-recall.at-most", "0.5");
  }

  @Test
  void workersOfOtherStagesFollowThoseOfUnlearn() {
    assertThat(Configuration.load(List.of(), List.of("lethe.unlearn.workers=5")).flattened())
        .containsEntry("lethe.finetune.workers", "5")
        .containsEntry("lethe.evaluate.workers", "5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include url(\"http://127.0.0.1:9/x.conf\")",
        "include \"http://127.0.0.1:9/x.conf\"",
        "include file(\"/etc/hostname\")",
        "include \"../x.conf\"",
        "include classpath(\"reference.conf\")",
        "include \"missing.conf\""
      })
  void onlyFilesInTheSameFolderCanBeIncluded(String include) throws IOException {
    Files.createDirectories(folder.resolve("conf"));
    Path file = write("conf/a.conf", include);
    assertThatThrownBy(() -> Configuration.load(List.of(file), List.of()))
        .hasMessageStartingWith("Include refused: '");
  }

  @Test
  void aFileInTheSameFolderIsIncluded() throws IOException {
    write("base.conf", "lethe.unlearn.rounds = 7");
    Path file = write("a.conf", "include \"base.conf\"\nlethe.unlearn.local-steps = 2");
    assertThat(Configuration.load(List.of(file), List.of()).flattened())
        .containsEntry("lethe.unlearn.rounds", "7");
  }

  @Test
  void theEnvironmentIsNotSubstituted() throws IOException {
    Path file = write("a.conf", "lethe.request-id = ${PATH}");
    assertThatThrownBy(() -> Configuration.load(List.of(file), List.of()))
        .hasMessageContaining("PATH");
  }

  @Test
  void secretsAreMasked() {
    var flat =
        Configuration.load(
                List.of(),
                List.of(
                    "lethe.spark.settings={\"spark.hadoop.fs.s3a.secret.key\" = \"hush\"}",
                    "lethe.model.path=s3a://key:hush@bucket/m"))
            .flattened();
    assertThat(flat.values()).noneMatch(value -> value.contains("hush"));
    assertThat(flat).containsEntry("lethe.model.path", "s3a://*****@bucket/m");
  }

  /** Keys of file systems, of tokens in the environment and of what nobody has thought of. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.hadoop.fs.s3a.secret.key",
        "spark.hadoop.fs.s3a.encryption.key",
        "spark.hadoop.google.cloud.auth.service.account.private.key",
        "spark.hadoop.fs.azure.sas.container.account.blob.core.windows.net",
        "spark.hadoop.fs.azure.sas.fixed.token",
        "spark.hadoop.fs.azure.account.key.account.dfs.core.windows.net",
        "spark.executorEnv.HF_TOKEN",
        "spark.executor.extraJavaOptions",
        "spark.authenticate.secret",
        "spark.hadoop.fs.mine.pin",
      })
  void settingsOfSparkAreMaskedUnlessTheyAreKnownToBeHarmless(String key) {
    String setting = "lethe.spark.settings={\"" + key + "\" = \"hush\"}";
    assertThat(Configuration.load(List.of(), List.of(setting)).flattened())
        .containsEntry("lethe.spark.settings.\"" + key + "\"", "*****");
    assertThat(Secrets.scrubbed("Invalid value: hush", Map.of(key, "hush")))
        .isEqualTo("Invalid value: *****");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.executor.memory",
        "spark.task.cpus",
        "spark.eventLog.dir",
        "spark.shuffle.compress",
        "spark.executorEnv.OMP_NUM_THREADS",
        "spark.hadoop.fs.s3a.endpoint",
      })
  void settingsThatAreHarmlessAreShown(String key) {
    String setting = "lethe.spark.settings={\"" + key + "\" = \"shown\"}";
    assertThat(Configuration.load(List.of(), List.of(setting)).flattened())
        .containsEntry("lethe.spark.settings.\"" + key + "\"", "shown");
  }

  @ParameterizedTest
  @CsvSource({
    "https://u:hush@host/x, https://*****@host/x",
    "https://host/x?sv=1&sig=hush, https://host/x?sv=1&sig=*****",
    "s3a://b/m?X-Amz-Security-Token=hush&a=1, s3a://b/m?X-Amz-Security-Token=*****&a=1",
    "score --api-key hush --batch 8, score --api-key ***** --batch 8",
    "score --token=hush, score --token=*****",
    "http://127.0.0.1:8080/score, http://127.0.0.1:8080/score",
  })
  void secretsInsideValuesAreMasked(String value, String shown) {
    assertThat(Secrets.masked("lethe.model.path", value)).isEqualTo(shown);
  }

  /** Spark's own pattern does not know the keys of Azure and Google. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "fs.azure.sas.container.account",
        "google.cloud.auth.service.account.private.key",
        "fs.s3a.encryption.key",
        "--set lethe.x={ \"fs.s3a.secret.key\" = hush }",
      })
  void theEventLogIsRedacted(String text) {
    assertThat(Pattern.compile(Secrets.REDACTION).matcher(text).find()).isTrue();
  }

  @Test
  void theMostSimilarKeyIsSuggested() {
    assertThat(EditDistance.between("kitten", "sitting")).isEqualTo(3);
    assertThat(
            NameSuggestion.of(
                "lethe.rounds", Arrays.asList("lethe.unlearn.rounds", "lethe.run-id")))
        .hasValue("lethe.unlearn.rounds");
    assertThat(NameSuggestion.of("something.else.entirely", List.of("lethe.run-id"))).isEmpty();
  }

  @Test
  void aMissingOrMalformedFileIsNamed() throws IOException {
    Path broken = write("broken.conf", "lethe { unlearn {");
    assertThatThrownBy(
            () -> Configuration.load(List.of(folder.resolve("no.conf"), broken), List.of("x")))
        .hasMessageContaining("3 problems")
        .hasMessageContaining("no.conf: no such readable file")
        .hasMessageContaining("broken.conf")
        .hasMessageContaining("Invalid --set: 'x'; expected key=value");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
