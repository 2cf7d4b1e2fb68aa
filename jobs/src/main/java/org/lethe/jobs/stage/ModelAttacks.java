package org.lethe.jobs.stage;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.evaluation.AttackCost;
import org.lethe.cluster.evaluation.AttackDecoderSource;
import org.lethe.cluster.evaluation.AttackRequest;
import org.lethe.cluster.evaluation.AttackSample;
import org.lethe.cluster.evaluation.AttackStage;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.corpus.TokenizerSource;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.ShardReport;
import org.lethe.evaluation.attack.AttackBudget;
import org.lethe.evaluation.attack.AttackSettings;
import org.lethe.evaluation.attack.AttackSummary;
import org.lethe.evaluation.attack.Attacks;
import org.lethe.jobs.config.EvaluatePlan;
import org.lethe.jobs.config.ModelSettings;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.console.Progress;
import org.lethe.model.Adapter;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.Gate;
import org.lethe.run.JsonLines;
import org.lethe.run.RunDirectory;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attacks on the models of a run, each behind its manifest. */
final class ModelAttacks {
  private static final Logger LOG = LoggerFactory.getLogger(ModelAttacks.class);

  /** First part of the names of evaluations by attacks. */
  static final String NAME = "attacks-";

  private static final String BEFORE = "before";
  private static final String AFTER = "after";
  private static final Sections SECTIONS =
      Sections.of("lethe.evaluate.attacks", "lethe.evaluate.seed", RunArtifacts.SHARDS_PER_CORPUS)
          .and(ModelSettings.PROMPTS);

  private final JobContext job;
  private final StageContext context;
  private final RunArtifacts artifacts;
  private final EvaluatePlan plan;

  /** Time of the attacks of this command. */
  private double seconds;

  ModelAttacks(StageContext context, EvaluatePlan plan) {
    this.context = context;
    this.job = context.job();
    this.artifacts = context.artifacts();
    this.plan = plan;
  }

  /** Attacks the model that unlearning begins with. */
  void before() {
    attack(BEFORE, initial(), artifacts.inputModel(), SECTIONS);
  }

  /** Attacks the candidate. */
  void after() {
    Sections sections = plan.readsFactors() ? SECTIONS.and("lethe.model.lora") : SECTIONS;
    attack(AFTER, artifacts.candidateSource(), artifacts.candidateBase(), sections);
  }

  private PretrainedDecoder initial() {
    return artifacts.inputSource(Adapter.frozen());
  }

  private void attack(String when, PretrainedDecoder model, URI tokenizer, Sections sections) {
    if (plan.attacks().isOff()) {
      return;
    }
    String name = NAME + when;
    Progress progress = job.progress(name);
    Path folder = artifacts.evaluation(name);
    try {
      Stages.Outcome outcome =
          job.stages()
              .run(
                  context.inputs(name, digests(when, model), sections),
                  folder,
                  Partial.DISCARD,
                  () -> run(when, model, artifacts.tokenizer(tokenizer), progress));
      progress.finish(
          summary(when).map(ModelAttacks::headline).orElse("nothing was measured"), outcome);
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  private SortedMap<String, String> digests(String when, PretrainedDecoder model) {
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("model", model.digest());
    digests.put("shards", artifacts.evaluationShards().digest());
    digests.put("initial", initial().digest());
    for (String evaluation : evaluations(when)) {
      digests.put(
          evaluation,
          Digests.of(
              job.stages()
                  .required("evaluate-" + evaluation, artifacts.evaluation(evaluation), "evaluate")
                  .outputs()));
    }
    AttackSettings settings = plan.attacks();
    if (!settings.files().paraphrases().isEmpty()) {
      digests.putAll(artifacts.digests("paraphrases", URI.create(settings.files().paraphrases())));
    }
    if (!settings.files().neutralTexts().isEmpty()) {
      digests.putAll(
          artifacts.digests("neutral-texts", URI.create(settings.files().neutralTexts())));
    }
    return digests;
  }

  private List<String> evaluations(String when) {
    List<String> evaluations = new ArrayList<>(List.of(when));
    if (artifacts.hasUnseen()) {
      evaluations.add(Gate.UNSEEN + when);
    }
    return evaluations;
  }

  private void run(
      String when, PretrainedDecoder model, TokenizerSource tokenizer, Progress progress) {
    Instant started = Instant.now();
    Map<String, List<String>> shards = new TreeMap<>(artifacts.evaluationShards().files());
    if (artifacts.hasUnseen()) {
      shards.putAll(artifacts.unseenFiles());
    }
    AttackBudget.Plan budget = budget(when, shards, tokenizer);
    AttackStage.Result result =
        AttackStage.run(
            job.spark(),
            new AttackRequest(
                shards,
                evaluations(when).stream()
                    .map(
                        evaluation ->
                            new Path(artifacts.evaluation(evaluation), EvaluationStage.ROWS)
                                .toString())
                    .toList(),
                new AttackDecoderSource(
                    model, initial(), tokenizer, AttackDecoderSource.Others.NONE),
                tokenizer,
                plan.attacks(),
                budget.rows(),
                budget.share(),
                artifacts.evaluation(NAME + when).toString(),
                plan.workers()),
            (stage, done, total) -> progress.update(done, total, "attempts", ""));
    AttackCost cost =
        AttackCost.write(job.directory(), when, started, job.started(), result.seconds(), seconds);
    seconds += cost.seconds();
    // The plan counts work, because times would choose other rows in every run.
    if (cost.share() > plan.attacks().share()) {
      LOG.warn(
          "Attacks took {} % of the command's time, more than lethe.evaluate.attacks.most-share ({}"
              + " %); the plan was {} % of the work, with {} rows of each set",
          Math.round(100 * cost.share()),
          Math.round(100 * plan.attacks().share()),
          Math.round(100 * budget.share()),
          budget.rows());
    }
  }

  /** The same number of rows before and after unlearning, whatever is known of the run by then. */
  private AttackBudget.Plan budget(
      String when, Map<String, List<String>> shards, TokenizerSource tokenizer) {
    Optional<AttackSummary> before = when.equals(BEFORE) ? Optional.empty() : summary(BEFORE);
    if (before.isPresent()) {
      return new AttackBudget.Plan(before.get().rows(), before.get().plannedShare());
    }
    AttackSettings settings = plan.attacks();
    return new AttackBudget(settings.share(), otherWork())
        .plan(
            Attacks.of(settings),
            new AttackSample(settings, tokenizer, job.spark().hadoopConfiguration())
                .of(shards, settings.rows())
                .rows(),
            settings.rows());
  }

  /** Work of training and of the evaluations, in tokens. */
  private long otherWork() {
    ShardReport report = artifacts.shardReport();
    long evaluated = 0;
    for (CorpusSet set : CorpusSet.values()) {
      ShardReport.SetReport shards = report.set(set);
      long rows = Math.min(shards.rows(), plan.settings().rowLimit());
      evaluated += shards.rows() == 0 ? 0 : shards.tokens() * rows / shards.rows();
    }
    long trained = 0;
    for (RunDirectory directory : List.of(job.directory(), artifacts.target())) {
      FileSystem files = directory.fileSystem();
      for (JsonNode round : JsonLines.read(files, directory.roundsLog())) {
        trained += round.path("tokens").asLong();
      }
    }
    // Before and after, each scored and generated.
    return AttackBudget.TRAINED * trained + 2L * (1 + AttackBudget.GENERATED) * evaluated;
  }

  private Optional<AttackSummary> summary(String when) {
    Path file = new Path(artifacts.evaluation(NAME + when), EvaluationStage.SUMMARY);
    FileSystem files = job.directory().fileSystem();
    return Documents.exists(files, file)
        ? Optional.of(AttackSummary.fromJson(Documents.read(files, file)))
        : Optional.empty();
  }

  private static String headline(AttackSummary summary) {
    String strongest = "";
    double most = -1;
    for (String attack : Attacks.KEYS) {
      String name = "forget.attack." + attack + ".probability";
      double found = summary.figures().mean(name).orElse(-1.0);
      if (found > most) {
        most = found;
        strongest = attack;
      }
    }
    return summary.rows()
        + " rows of each set"
        + (most < 0
            ? ""
            : String.format(
                Locale.ROOT, ", forget: probability at most %.3f, by %s", most, strongest));
  }
}
