package org.lethe.jobs.stage;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.evaluation.AttackDecoderSource;
import org.lethe.cluster.evaluation.AttackRequest;
import org.lethe.cluster.evaluation.AttackStage;
import org.lethe.corpus.TokenizerSource;
import org.lethe.error.EvaluationErrors;
import org.lethe.evaluation.attack.AttackSettings;
import org.lethe.evaluation.attack.AttackSummary;
import org.lethe.evaluation.attack.Attacks;
import org.lethe.jobs.config.EvaluatePlan;
import org.lethe.jobs.config.ModelSettings;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.console.Progress;
import org.lethe.model.Adapter;
import org.lethe.model.architecture.Architecture;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;

/**
 * The attack stage: attacks on request, which take more than an evaluation. Tries them on the model
 * before unlearning, for comparison, and on the candidate. The control is the retrained model, or
 * the given model if finetune taught it the forget rows.
 */
final class AttackWork implements StageWork {
  /** First part of the names of evaluations by attacks on request. */
  static final String NAME = "requested-";

  private static final String BEFORE = "before";
  private static final String AFTER = "after";
  private static final Sections SECTIONS =
      Sections.of("lethe.attack", "lethe.evaluate.seed", RunArtifacts.SHARDS_PER_CORPUS)
          .and(ModelSettings.PROMPTS);

  @Override
  public Stage stage() {
    return Stage.ATTACK;
  }

  @Override
  public Sections sections(RunPlan plan) {
    return plan.evaluate().filter(EvaluatePlan::readsFactors).isPresent()
        ? SECTIONS.and("lethe.model.lora")
        : SECTIONS;
  }

  @Override
  public void check(StageContext context) {
    RunPlan.Attack attack = context.plan().attack().orElseThrow();
    RunArtifacts artifacts = context.artifacts();
    attack
        .retrained()
        .ifPresent(
            model ->
                requireSame(
                    model,
                    artifacts.openModel(model.toString()).architecture(),
                    artifacts.givenModel().architecture()));
    if (!attack.settings().isOff()) {
      AttackMemory.checkRequest(context);
    }
  }

  @Override
  public void run(StageContext context) {
    RunArtifacts artifacts = context.artifacts();
    RunPlan.Attack attack = context.plan().attack().orElseThrow();
    if (attack.settings().isOff()) {
      return;
    }
    PretrainedDecoder initial = artifacts.inputSource(Adapter.frozen());
    if (artifacts.isMeasuredOnItsOwn()) {
      // It is the model with which the depth of unlearning compares.
      AttackSettings settings = attack.settings();
      List<String> others =
          settings.attacks().stream().filter(key -> !key.equals(Attacks.DEPTH)).toList();
      attack(
          context,
          BEFORE,
          initial,
          artifacts.inputModel(),
          settings.onRequest(
              others, settings.rows(), settings.teaching(), settings.files().entities()),
          AttackDecoderSource.Others.NONE,
          SECTIONS);
    }
    attack(
        context,
        AFTER,
        artifacts.candidateSource(),
        artifacts.candidateBase(),
        attack.settings(),
        others(artifacts, attack, context.plan().model().uri()),
        sections(context.plan()));
  }

  /** The retrained model, and the control. */
  private static AttackDecoderSource.Others others(
      RunArtifacts artifacts, RunPlan.Attack attack, URI given) {
    List<PretrainedDecoder> retrained =
        attack.retrained().map(model -> source(artifacts, model)).stream().toList();
    boolean taughtByFinetune = !artifacts.inputModel().equals(given);
    return new AttackDecoderSource.Others(
        retrained.isEmpty() && taughtByFinetune ? List.of(source(artifacts, given)) : retrained,
        retrained);
  }

  private static PretrainedDecoder source(RunArtifacts artifacts, URI model) {
    return artifacts.source(
        model, artifacts.openModel(model.toString()).digest(), Adapter.frozen());
  }

  private void attack(
      StageContext context,
      String when,
      PretrainedDecoder model,
      URI tokenizer,
      AttackSettings settings,
      AttackDecoderSource.Others others,
      Sections sections) {
    if (settings.isOff()) {
      return;
    }
    JobContext job = context.job();
    RunArtifacts artifacts = context.artifacts();
    String name = NAME + when;
    Progress progress = job.progress(name);
    Path folder = artifacts.evaluation(name);
    PretrainedDecoder initial = artifacts.inputSource(Adapter.frozen());
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("model", model.digest());
    digests.put("initial", initial.digest());
    digests.put("shards", artifacts.evaluationShards().digest());
    others.control().forEach(control -> digests.put("control", control.digest()));
    others.retrained().forEach(retrained -> digests.put("retrained", retrained.digest()));
    if (!settings.files().neutralTexts().isEmpty()) {
      digests.putAll(
          artifacts.digests("neutral-texts", URI.create(settings.files().neutralTexts())));
    }
    boolean measuresDepth = settings.attacks().contains(Attacks.DEPTH);
    if (measuresDepth && !settings.files().entities().isEmpty()) {
      digests.putAll(artifacts.digests("entities", URI.create(settings.files().entities())));
    }
    Map<String, List<String>> shards = new TreeMap<>(artifacts.evaluationShards().files());
    if (artifacts.hasUnseen()) {
      shards.putAll(artifacts.unseenFiles());
    }
    TokenizerSource texts = artifacts.tokenizer(tokenizer);
    try {
      Stages.Outcome outcome =
          job.stages()
              .run(
                  context.inputs(name, digests, sections),
                  folder,
                  Partial.DISCARD,
                  () ->
                      AttackStage.run(
                          job.spark(),
                          new AttackRequest(
                              shards,
                              List.of(),
                              new AttackDecoderSource(model, initial, texts, others),
                              texts,
                              settings,
                              settings.rows(),
                              0,
                              folder.toString(),
                              context.plan().evaluate().orElseThrow().workers()),
                          (stage, done, total) -> progress.update(done, total, "attempts", "")));
      progress.finish(headline(context, name), outcome);
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  private static String headline(StageContext context, String name) {
    RunDirectory directory = context.job().directory();
    AttackSummary summary =
        AttackSummary.fromJson(
            Documents.read(
                directory.fileSystem(),
                new Path(context.artifacts().evaluation(name), "summary.json")));
    Optional<Double> released = summary.figures().mean("forget.attack.relearn.probability");
    Optional<Double> gain = summary.figures().mean("forget.attack.relearn.probability-gain");
    return released.isPresent() && gain.isPresent()
        ? String.format(
            Locale.ROOT,
            "relearning, other forget rows: probability %.3f, %+.3f by it",
            released.get(),
            gain.get())
        : summary.figures().measured().size() + " figures";
  }

  /** Activations of one model go into the other. */
  private static void requireSame(URI model, Architecture retrained, Architecture given) {
    if (!shapes(retrained).equals(shapes(given))) {
      throw EvaluationErrors.otherRetrainedModel(model.toString());
    }
  }

  private static SortedMap<String, String> shapes(Architecture architecture) {
    SortedMap<String, String> shapes = new TreeMap<>();
    architecture.tensors().forEach(t -> shapes.put(t.name(), Arrays.toString(t.shape())));
    return shapes;
  }
}
