package org.lethe.jobs.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.jobs.config.RecordedKeys;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.config.UnlearnPlan;

/** Every key that a stage reads is in its sections, or provably does not change its result. */
final class StageSectionsTest {
  /** Keys and sections that do not change a result of any stage, with the reason. */
  private static final Map<String, String> NEUTRAL =
      Map.ofEntries(
          Map.entry("lethe.run-dir", "names of inputs hold the URIs that follow from it"),
          Map.entry("lethe.platform", "requirements on the machine"),
          Map.entry("lethe.model.path", "the digest of the model is an input"),
          Map.entry("lethe.model.adapter-path", "the digest of the adapter is an input"),
          Map.entry("lethe.model.adapter-start", "a merged model has a digest of its own"),
          Map.entry("lethe.model.cache", "copies are checked by digest"),
          Map.entry("lethe.gates", "decided at the release; unseen rows are stages of their own"),
          Map.entry("lethe.corpus.unseen", "digests of the files are inputs of a stage of its own"),
          Map.entry("lethe.corpus.forget-tasks", "a digest of the tasks is an input of shards"),
          Map.entry("lethe.corpus.neutral", "digests of the files are inputs of their own stage"),
          Map.entry("lethe.unlearn.stop.rules", "unseen rows are stages of their own"),
          Map.entry("lethe.evaluate.attacks", "attacks are stages of their own"),
          Map.entry("lethe.evaluate.workers", "rows do not depend on the task that computes them"),
          Map.entry("lethe.reveal.workers", "rows do not depend on the task that computes them"),
          Map.entry("lethe.reveal.cards", "digests of the files are inputs"),
          Map.entry("lethe.reveal.truth", "digests of the files are inputs of shards"),
          Map.entry("lethe.reveal.compare", "only the report shows these runs"),
          Map.entry("lethe.run.retention", "what happens after the release"),
          Map.entry("lethe.reveal.iterations", "each iteration has a directory of its own"),
          Map.entry("lethe.reveal.again", "each iteration has a directory of its own"));

  /** Neutral keys and sections of one stage, with the reason. */
  private static final Map<Stage, Map<String, String>> NEUTRAL_FOR =
      Map.of(
          Stage.REVEAL,
          Map.of(
              "lethe.unlearn.workers", "there are no shards yet",
              "lethe.shard.max-length", "only estimates memory",
              "lethe.corpus", "only checked: it must be empty, or is for shards"),
          Stage.SHARD,
          Map.of(),
          Stage.FINETUNE,
          Map.of(
              "lethe.model.template", "shards hold rendered tokens, and their digest is an input",
              "lethe.model.system-message", "part of the rendered tokens",
              "lethe.model.template-date", "part of the rendered tokens",
              "lethe.shard.max-length", "only estimates memory",
              "lethe.corpus", "the digest of the shards is an input"),
          Stage.UNLEARN,
          Map.of(
              "lethe.model.template", "shards hold rendered tokens, and their digest is an input",
              "lethe.model.system-message", "part of the rendered tokens",
              "lethe.model.template-date", "part of the rendered tokens",
              "lethe.shard.max-length", "only estimates memory",
              "lethe.corpus", "the digest of the shards is an input",
              "lethe.reveal.release.method", "inputs of the two variants have different names"),
          Stage.EVALUATE,
          Map.of(
              "lethe.model.template", "shards hold rendered tokens, and their digest is an input",
              "lethe.model.system-message", "part of the rendered tokens",
              "lethe.model.template-date", "part of the rendered tokens",
              "lethe.model.adapter", "whole weights and factors have different digests",
              "lethe.release.lora", "whole weights and factors have different digests",
              "lethe.model.train", "the digest of the model is an input",
              "lethe.shard.max-length", "only estimates memory",
              "lethe.corpus", "the digest of the shards is an input"),
          Stage.ATTACK,
          Map.of(
              "lethe.evaluate", "attacks compute figures of their own rows",
              "lethe.attack.retrained", "the digest of the model is an input",
              "lethe.model.adapter", "whole weights and factors have different digests",
              "lethe.release.lora", "whole weights and factors have different digests",
              "lethe.model.train", "the digest of the model is an input",
              "lethe.shard.max-length", "only estimates memory",
              "lethe.corpus", "the digest of the shards is an input"));

  /** Neutral keys and sections of unlearning by arithmetic, with the reason. */
  private static final Map<String, String> NEUTRAL_FOR_ARITHMETIC =
      Map.of(
          "lethe.model.adapter", "must be full",
          "lethe.release.lora", "weights are whole",
          "lethe.model.train", "must be empty");

  /** Keys of shards whose sample of the retain corpus is an input, with the reason. */
  private static final Map<String, String> NEUTRAL_FOR_A_SAMPLE =
      Map.of(
          "lethe.unlearn.rounds", "the size of the sample follows",
          "lethe.unlearn.local-steps", "the size of the sample follows",
          "lethe.unlearn.batch-size", "the size of the sample follows",
          "lethe.finetune.rounds", "the size of the sample follows",
          "lethe.finetune.local-steps", "the size of the sample follows",
          "lethe.finetune.batch-size", "the size of the sample follows");

  private static final Map<String, String> NEUTRAL_WITHOUT_MERGING =
      Map.of("lethe.release.lora", "only merging adds a file to the result");

  private static final String MODEL = "lethe.model.path = /model\n";
  private static final String CORPORA = "lethe.corpus { forget = [/f], retain = [/r] }\n";
  private static final String ALL_ROWS = "lethe.shard.retain-rows = 0\n";
  private static final String CARDS =
      "lethe { reveal { cards = [/c], truth.forget = [/t] }, corpus.retain = [/r] }\n";

  static Stream<Arguments> stages() {
    List<String> variants =
        List.of(
            CORPORA,
            CORPORA + "lethe.model { adapter = lora, lora.rank = 2 }",
            CORPORA + "lethe { model.adapter = lora, release.lora = merged }",
            CORPORA + "lethe.model.train = [layers.0]",
            CORPORA + "lethe.unlearn.forget-loss = altpo",
            CORPORA + ALL_ROWS,
            CARDS,
            CARDS + "lethe.reveal.release.method = arithmetic");
    // Every run decides its release again, so no release is reused.
    return Arrays.stream(Stage.values())
        .filter(stage -> stage != Stage.RELEASE)
        .flatMap(
            stage ->
                variants.stream()
                    .filter(variant -> stage != Stage.REVEAL || variant.startsWith(CARDS))
                    .map(variant -> Arguments.of(stage, variant)));
  }

  @ParameterizedTest
  @MethodSource("stages")
  void everyKeyReadByAStageIsInItsSections(Stage stage, String variant) {
    RecordedKeys read = RecordedKeys.of(stage, MODEL + variant);

    assertThat(missing(stage, read, StageWorks.of(stage).sections(read.plan()))).isEmpty();
  }

  @Test
  void aMissingSectionIsDetected() {
    RecordedKeys read = RecordedKeys.of(Stage.SHARD, MODEL + CORPORA);

    assertThat(missing(Stage.SHARD, read, Sections.of("lethe.corpus")))
        .contains("lethe.shard.seed", "lethe.shard.overlap", "lethe.model.template");
  }

  /** Steps that need more than the least number of rows need new shards; a new rate does not. */
  @ParameterizedTest
  @ValueSource(strings = {"unlearn", "finetune"})
  void shardsDependOnStepsOnlyThroughTheSizeOfTheirSample(String training) {
    String section = "lethe." + training;
    String fixed =
        "lethe.unlearn.workers = 2\n" + section + " { local-steps = 10, batch-size = 5 }\n";
    Map<String, String> few = shardInputs(fixed + section + ".rounds = 3");

    assertThat(shardInputs(fixed + section + ".rounds = 500")).isEqualTo(few);
    assertThat(shardInputs(fixed + section + " { rounds = 3, learning-rate.peak = 3e-6 }"))
        .isEqualTo(few);
    assertThat(shardInputs(fixed + section + ".rounds = 501")).isNotEqualTo(few);
    assertThat(shardInputs(fixed + section + ".rounds = 502"))
        .isNotEqualTo(shardInputs(fixed + section + ".rounds = 501"));
  }

  @Test
  void aGivenSizeOfTheSampleDoesNotDependOnSteps() {
    String given = "lethe.shard.retain-rows = 40\n";

    assertThat(shardInputs(given + "lethe.unlearn.rounds = 100000")).isEqualTo(shardInputs(given));
    assertThat(shardInputs("lethe.shard.retain-rows = 41")).isNotEqualTo(shardInputs(given));
    assertThat(sampleInputs(RecordedKeys.of(Stage.SHARD, MODEL + CORPORA + ALL_ROWS))).isEmpty();
  }

  @Test
  void mergingAnAdapterChangesTheResultOfUnlearning() {
    String lora = MODEL + CORPORA + "lethe.model.adapter = lora\n";

    assertThat(sections(Stage.UNLEARN, lora).contains("lethe.release.lora")).isFalse();
    assertThat(
            sections(Stage.UNLEARN, lora + "lethe.release.lora = merged")
                .contains("lethe.release.lora"))
        .isTrue();
  }

  @Test
  void factorsAreEvaluatedWithTheirScale() {
    String whole = MODEL + CORPORA;

    assertThat(sections(Stage.EVALUATE, whole).contains("lethe.model.lora.alpha")).isFalse();
    assertThat(
            sections(Stage.EVALUATE, whole + "lethe.model.adapter = lora")
                .contains("lethe.model.lora.alpha"))
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("stages")
  void everySectionIsInTheReference(Stage stage, String variant) {
    RecordedKeys read = RecordedKeys.of(stage, MODEL + variant);

    assertThat(StageWorks.of(stage).sections(read.plan()).names())
        .allMatch(
            name ->
                ConfigFactory.parseResources(getClass(), "/reference.conf").hasPathOrNull(name));
  }

  @Test
  void everyStageHasItsWork() {
    assertThat(StageWorks.ALL.stream().map(StageWork::stage)).containsExactly(Stage.values());
  }

  /** The inputs of shards that the configuration decides. */
  private static Map<String, String> shardInputs(String overrides) {
    RecordedKeys read = RecordedKeys.of(Stage.SHARD, MODEL + CORPORA + overrides);
    Map<String, String> inputs = new TreeMap<>(sampleInputs(read));
    Sections sections = StageWorks.of(Stage.SHARD).sections(read.plan());
    RecordedKeys.values(MODEL + CORPORA + overrides)
        .forEach(
            (key, value) -> {
              if (sections.contains(key)) {
                inputs.put(key, value);
              }
            });
    return inputs;
  }

  private static Map<String, String> sampleInputs(RecordedKeys read) {
    return ShardWork.sampleInputs(read.plan().shard().orElseThrow());
  }

  private static Sections sections(Stage stage, String overrides) {
    return StageWorks.of(stage).sections(RecordedKeys.of(stage, overrides).plan());
  }

  private static Set<String> missing(Stage stage, RecordedKeys read, Sections sections) {
    List<String> neutral = new ArrayList<>(NEUTRAL.keySet());
    neutral.addAll(NEUTRAL_FOR.get(stage).keySet());
    if (stage == Stage.SHARD && !sampleInputs(read).isEmpty()) {
      neutral.addAll(NEUTRAL_FOR_A_SAMPLE.keySet());
    }
    Optional<UnlearnPlan> unlearn = read.plan().unlearn();
    if (unlearn.isPresent() && unlearn.get() instanceof UnlearnPlan.Rounds rounds) {
      boolean merges = rounds.trainsFactors() && rounds.writesWeights();
      neutral.addAll(merges ? List.of() : NEUTRAL_WITHOUT_MERGING.keySet());
    } else if (unlearn.isPresent()) {
      neutral.addAll(NEUTRAL_FOR_ARITHMETIC.keySet());
    }
    Set<String> missing = new TreeSet<>(read.keys());
    missing.removeIf(
        key ->
            sections.contains(key)
                || neutral.stream()
                    .anyMatch(name -> key.equals(name) || key.startsWith(name + ".")));
    return missing;
  }
}
