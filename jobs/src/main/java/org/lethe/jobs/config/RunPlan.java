package org.lethe.jobs.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.ShardSettings;
import org.lethe.evaluation.attack.AttackSettings;
import org.lethe.run.Gate;
import org.lethe.run.Soundness;
import org.lethe.run.evidence.Signing;
import org.lethe.run.retention.Retention;

/**
 * The settings of a run, bound and checked before any stage begins. The part of a stage is absent
 * unless the run has that stage.
 *
 * @param model the given model
 * @param platform requirements on the machine
 * @param workers that train at the same time; each has a shard of every corpus
 * @param maxLength tokens per example, for the memory check
 * @param revealed what a run on topic cards works with; empty if it has a forget corpus
 * @param reveal part of the reveal stage
 * @param shard part of the shard stage
 * @param unseen rows that the model never saw, if the run is measured on any
 * @param finetune part of the finetune stage
 * @param unlearn part of the unlearn stage
 * @param evaluate part of the evaluate and the attack stage
 * @param attack part of the attack stage
 * @param release part of the release stage
 */
public record RunPlan(
    ModelSettings model,
    PlatformSettings platform,
    int workers,
    int maxLength,
    Optional<RevealedData> revealed,
    Optional<RevealKeys> reveal,
    Optional<ShardSettings> shard,
    Optional<Unseen> unseen,
    Optional<Finetune> finetune,
    Optional<UnlearnPlan> unlearn,
    Optional<EvaluatePlan> evaluate,
    Optional<Attack> attack,
    Optional<Release> release) {

  /**
   * Rows that no training uses.
   *
   * @param files with rows like the forget rows that the model never saw; empty if they are made
   *     from the forget rows
   * @param neutral files with text that has nothing to do with the forget rows; may be empty
   */
  public record Unseen(List<URI> files, List<URI> neutral) {
    public Unseen {
      files = List.copyOf(files);
      neutral = List.copyOf(neutral);
    }

    /** Present if files are given, or if a gate or a stop rule needs unseen rows. */
    private static Optional<Unseen> read(ConfigurationReader reader) {
      List<URI> files = reader.texts("lethe.corpus.unseen").stream().map(Uris::of).toList();
      boolean compared =
          reader.section("lethe.gates").keySet().stream()
              .anyMatch(k -> k.endsWith(".like-unseen") || k.startsWith("unseen-"));
      List<URI> neutral = reader.texts(StopBinding.NEUTRAL).stream().map(Uris::of).toList();
      boolean monitored = !reader.texts("lethe.unlearn.stop.rules").isEmpty();
      boolean ofBatch = RequestBinding.isBatch(reader) && RequestBinding.compareWithUnseen(reader);
      return files.isEmpty() && !compared && !monitored && !ofBatch
          ? Optional.empty()
          : Optional.of(new Unseen(files, neutral));
    }
  }

  /**
   * How a target model is trained.
   *
   * @param settings of the training
   * @param sets the corpora that it trains on
   */
  public record Finetune(TrainingSettings settings, Set<CorpusSet> sets) {}

  /**
   * Attacks on request.
   *
   * @param settings of the attacks
   * @param retrained model directory of a model that was trained without the forget rows
   */
  public record Attack(AttackSettings settings, Optional<URI> retrained) {}

  /**
   * What decides whether a candidate is released.
   *
   * @param gates that a model must pass
   * @param soundness what counts as a collapse
   * @param exampleRows rows named in the report
   * @param signing who signs the record
   * @param legalBasis of the request, in the user's words
   * @param requestReference the user's own reference of the request
   * @param retention what happens to the text of the run
   */
  public record Release(
      List<Gate> gates,
      Soundness soundness,
      int exampleRows,
      Signing signing,
      String legalBasis,
      String requestReference,
      Retention retention) {
    private static final int LONGEST_REFERENCE = 300;
    private static final String SIGNING_COMMAND = "lethe.release.signing-command";

    private static Release read(ConfigurationReader reader) {
      Signing signing =
          new Signing(reader.text("lethe.release.signing-key"), reader.texts(SIGNING_COMMAND));
      if (signing.key().isPresent() && !signing.command().isEmpty()) {
        reader.problem(SIGNING_COMMAND, "none where lethe.release.signing-key is given");
      }
      List<Gate> gates = GateBinding.read(reader);
      return new Release(
          // The requests of a batch are judged one by one on their forget rows.
          RequestBinding.isBatch(reader)
              ? gates.stream().filter(gate -> !gate.figure().contains("forget.")).toList()
              : gates,
          new Soundness(reader.number("lethe.release.collapse-limit", 0, 1)),
          reader.integer("lethe.release.example-rows", 0, 100),
          signing,
          line(reader, "lethe.legal-basis"),
          line(reader, "lethe.request-reference"),
          retention(reader));
    }

    private static String line(ConfigurationReader reader, String key) {
      String text = reader.text(key).orElse("").strip();
      if (text.length() > LONGEST_REFERENCE || text.chars().anyMatch(Character::isISOControl)) {
        reader.problem(key, "one line of at most " + LONGEST_REFERENCE + " characters");
      }
      return text;
    }

    private static Retention retention(ConfigurationReader reader) {
      String text = reader.text(Retention.KEY).orElse("");
      Optional<Retention> found = Retention.parse(text);
      if (found.isEmpty()) {
        reader.problem(Retention.KEY, "keep, delete-on-release, or a number of days (30 days)");
      }
      return found.orElse(Retention.KEEP);
    }
  }

  /** Reads the plan of a run of some stages. */
  public static RunPlan read(ConfigurationReader reader, List<Stage> stages) {
    RunPlan plan = bind(reader, stages);
    validateOthers(reader, stages);
    return plan;
  }

  /** Reads only keys that these stages use. */
  static RunPlan bind(ConfigurationReader reader, List<Stage> stages) {
    int workers = reader.integer("lethe.unlearn.workers", 1, 100_000);
    return new RunPlan(
        ModelSettings.read(reader),
        PlatformSettings.read(reader),
        workers,
        reader.integer("lethe.shard.max-length", 2, 1 << 20),
        RevealedData.read(reader),
        stages.contains(Stage.REVEAL) ? RevealBinding.required(reader) : Optional.empty(),
        stages.contains(Stage.SHARD) ? CorpusBinding.read(reader, workers) : Optional.empty(),
        Unseen.read(reader),
        stages.contains(Stage.FINETUNE)
            ? TrainingBinding.finetune(reader)
                .map(settings -> new Finetune(settings, TrainingBinding.finetuneSets(reader)))
            : Optional.empty(),
        stages.contains(Stage.UNLEARN) ? UnlearnPlan.read(reader) : Optional.empty(),
        stages.contains(Stage.EVALUATE) || stages.contains(Stage.ATTACK)
            ? EvaluationBinding.read(reader)
            : Optional.empty(),
        stages.contains(Stage.ATTACK) ? EvaluationBinding.onRequest(reader) : Optional.empty(),
        stages.contains(Stage.RELEASE) ? Optional.of(Release.read(reader)) : Optional.empty());
  }

  /** Validates keys that every command validates, since a later command of the run uses them. */
  private static void validateOthers(ConfigurationReader reader, List<Stage> stages) {
    if (stages.contains(Stage.FINETUNE)) {
      StartingAdapter.requireMerged(reader, "finetune trains whole weights");
    }
    EvaluationBinding.workers(reader);
    EvaluationBinding.onRequest(reader);
    CorpusBinding.fields(reader);
    TrainingBinding.finetuneSets(reader);
    AdapterBinding.read(reader);
    UnlearnPlan.LoraRelease.read(reader);
    Release.read(reader);
    if (RevealedData.isConfigured(reader)) {
      RevealBinding.read(reader);
      ArithmeticBinding.read(reader);
    }
    if (stages.contains(Stage.UNLEARN)) {
      TrainingBinding.unlearn(reader);
      StopBinding.read(reader);
      AlternativeBinding.read(reader);
    }
  }

  /** The same plan with the unlearning of another configuration. */
  public RunPlan withUnlearning(Configuration configuration) {
    if (unlearn.isEmpty()) {
      return this;
    }
    ConfigurationReader reader = configuration.reader();
    Optional<UnlearnPlan> other = UnlearnPlan.read(reader);
    reader.done();
    return new RunPlan(
        model, platform, workers, maxLength, revealed, reveal, shard, unseen, finetune, other,
        evaluate, attack, release);
  }

  /** The same plan with another model to begin with. */
  public RunPlan withModel(URI uri) {
    return new RunPlan(
        model.withUri(uri),
        platform,
        workers,
        maxLength,
        revealed,
        reveal,
        shard,
        unseen,
        finetune,
        unlearn,
        evaluate,
        attack,
        release);
  }
}
