package org.lethe.jobs.stage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.cluster.reveal.PromptedModel;
import org.lethe.cluster.reveal.RevealListener;
import org.lethe.cluster.reveal.RevealPlan;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.reveal.RevealReport.CardReport;
import org.lethe.cluster.reveal.RevealRun;
import org.lethe.cluster.reveal.RevealStep.Phase;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.ModelSettings;
import org.lethe.jobs.config.RevealKeys;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.console.Progress;
import org.lethe.model.Adapter;
import org.lethe.reveal.ArmPool;
import org.lethe.reveal.ModelKind;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;
import org.lethe.text.TextSettings.Template;

/** The reveal stage: topic cards become a forget corpus, in the model's own words. */
final class RevealWork implements StageWork {
  /** Without keys that only decide how fast, or what happens to the result later. */
  private static final Sections SECTIONS =
      Sections.of(
              "lethe.reveal.arms",
              "lethe.reveal.search",
              "lethe.reveal.reward",
              "lethe.reveal.harvest",
              "lethe.reveal.neighbours",
              "lethe.reveal.budget",
              "lethe.reveal.plateau",
              "lethe.reveal.asking",
              "lethe.reveal.contrast",
              "lethe.reveal.filters",
              "lethe.reveal.held-out",
              "lethe.reveal.oracles",
              "lethe.reveal.seed",
              "lethe.corpus.id-field",
              "lethe.corpus.prompt-field",
              "lethe.corpus.completion-field",
              "lethe.corpus.task-field")
          .and(ModelSettings.PROMPTS);

  @Override
  public Stage stage() {
    return Stage.REVEAL;
  }

  @Override
  public Sections sections(RunPlan plan) {
    return SECTIONS;
  }

  @Override
  public void check(StageContext context) {
    ComparedSearches.read(context);
  }

  @Override
  public void run(StageContext context) {
    JobContext job = context.job();
    Progress progress = job.progress("reveal");
    try {
      Stages.Outcome outcome =
          job.stages()
              .run(
                  context.inputs("reveal", digests(context), SECTIONS),
                  job.directory().revealed(),
                  Partial.RESUME,
                  () ->
                      RevealRun.run(
                          job.spark(), plan(context), job.directory().revealed(), shown(progress)));
      progress.finish(headline(context.artifacts().revealReport()), outcome);
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  private static SortedMap<String, String> digests(StageContext context) {
    RunArtifacts artifacts = context.artifacts();
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("model", artifacts.inputSource(Adapter.frozen()).digest());
    for (URI cards : context.plan().revealed().orElseThrow().cards()) {
      digests.putAll(artifacts.digests("cards: " + cards, cards));
    }
    RevealKeys keys = context.plan().reveal().orElseThrow();
    keys.arms().ifPresent(file -> digests.putAll(artifacts.digests("arms: " + file, file.toUri())));
    context
        .earlier()
        .prompts()
        .forEach(
            (card, earlier) -> {
              digests.put("arms of " + card, earlier.arms().toString());
              digests.put("held out below of " + card, String.valueOf(earlier.heldOutBelow()));
              digests.put("prompts before of " + card, String.valueOf(earlier.prompts()));
            });
    return digests;
  }

  private static RevealPlan plan(StageContext context) {
    ModelSettings model = context.plan().model();
    RevealKeys keys = context.plan().reveal().orElseThrow();
    RunArtifacts artifacts = context.artifacts();
    ModelKind kind = model.text().template() == Template.CHAT ? ModelKind.INSTRUCT : ModelKind.BASE;
    ArmPool pool =
        keys.arms()
            .map(file -> ArmPool.builtIn(kind).with(arms(file)))
            .orElseGet(() -> ArmPool.builtIn(kind));
    return new RevealPlan(
        CardFiles.read(context),
        pool,
        keys.settings(),
        new PromptedModel(
            artifacts.inputSource(Adapter.frozen()),
            artifacts.inputModel().toString(),
            model.cache(),
            model.text()),
        keys.workers(),
        keys.fields(),
        context.earlier().prompts(),
        context.earlier().idPrefix());
  }

  private static ArmPool arms(java.nio.file.Path file) {
    try {
      return ArmPool.read(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
  }

  private static RevealListener shown(Progress progress) {
    long start = System.nanoTime();
    return new RevealListener() {
      @Override
      public void progressed(Phase phase, long prompts, long most, long tokens) {
        progress.update(
            prompts,
            most,
            "prompts",
            String.format(
                Locale.ROOT,
                "%s, %.0f tokens/s",
                words(phase),
                tokens / Math.max(1e-9, (System.nanoTime() - start) * 1e-9)));
      }

      @Override
      public void invented(long prompts, long total) {
        progress.update(prompts, total, "prompts about invented people", "");
      }

      @Override
      public void judged(long statements, long total) {
        progress.update(statements, total, "statements", "judging the answers");
      }
    };
  }

  private static String words(Phase phase) {
    return switch (phase) {
      case SEARCH -> "searching instructions";
      case HARVEST -> "asking with the best";
      case NEIGHBOURS -> "asking of neighbours";
    };
  }

  private static String headline(RevealReport report) {
    int facts = report.cards().stream().mapToInt(CardReport::facts).sum();
    int heldOut = report.cards().stream().mapToInt(CardReport::heldOutFacts).sum();
    return String.format(
        Locale.ROOT,
        "%d prompts about %d topics: %d rows to forget, %d of %d facts held out, %d rows to keep",
        report.cards().stream().mapToLong(CardReport::prompts).sum(),
        report.cards().size(),
        report.cards().stream().mapToInt(CardReport::rows).sum(),
        heldOut,
        facts,
        report.neighbours().stream().mapToInt(CardReport::rows).sum());
  }
}
