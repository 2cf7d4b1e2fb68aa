package org.lethe.jobs.stage;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.reveal.PromptedModel;
import org.lethe.cluster.reveal.RevealListener;
import org.lethe.cluster.reveal.RevealPlan;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.reveal.RevealReport.CardReport;
import org.lethe.cluster.reveal.RevealRun;
import org.lethe.cluster.reveal.RevealStep.Phase;
import org.lethe.corpus.TokenizerSource.Template;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.Problems;
import org.lethe.jobs.config.RevealKeys;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.console.Progress;
import org.lethe.model.Adapter;
import org.lethe.reveal.ArmPool;
import org.lethe.reveal.ModelKind;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.TopicCards;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;

/** The reveal stage: topic cards become a forget corpus, in the model's own words. */
final class RevealWork {
  /** What the result depends on; how fast, and what is done with it later, stand elsewhere. */
  private static final List<String> SECTIONS =
      List.of(
          "lethe.reveal.arms",
          "lethe.reveal.search",
          "lethe.reveal.reward",
          "lethe.reveal.harvest",
          "lethe.reveal.neighbours",
          "lethe.reveal.budget",
          "lethe.reveal.plateau",
          "lethe.reveal.asking",
          "lethe.reveal.filters",
          "lethe.reveal.held-out",
          "lethe.reveal.oracles",
          "lethe.reveal.seed",
          "lethe.model.template",
          "lethe.corpus.id-field",
          "lethe.corpus.prompt-field",
          "lethe.corpus.completion-field",
          "lethe.corpus.task-field");

  private final JobContext context;
  private final RunPlan plan;
  private final RunArtifacts contents;
  private final RunDirectory directory;

  RevealWork(JobContext context, RunPlan plan, RunArtifacts contents) {
    this.context = context;
    this.plan = plan;
    this.contents = contents;
    this.directory = context.directory();
  }

  /** How the runs to compare with revealed. */
  List<RevealReport> compared(RevealKeys keys) {
    if (keys.compared().isEmpty()) {
      return List.of();
    }
    Set<String> ids = cards(keys.cards()).stream().map(TopicCard::id).collect(Collectors.toSet());
    return ComparedSearches.read(keys, ids, context.spark().hadoopConfiguration());
  }

  void run(RevealKeys keys) {
    run(keys, Map.of(), "");
  }

  /**
   * Reveals.
   *
   * @param earlier by card or neighbour what is taken over from an earlier iteration
   * @param idPrefix before the ids of all rows
   */
  void run(RevealKeys keys, Map<String, RevealPlan.Earlier> earlier, String idPrefix) {
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("model", contents.openModel(contents.inputModel().toString()).digest());
    keys.cards().forEach(uri -> inputs.putAll(contents.digests("cards: " + uri, uri)));
    keys.arms().ifPresent(file -> inputs.putAll(contents.digests("arms: " + file, file.toUri())));
    earlier.forEach(
        (card, of) -> {
          inputs.put("arms of " + card, of.arms().toString());
          inputs.put("held out below of " + card, String.valueOf(of.heldOutBelow()));
          inputs.put("prompts before of " + card, String.valueOf(of.prompts()));
        });
    Progress progress = context.progress("reveal");
    try {
      Stages.Outcome outcome =
          context
              .stages()
              .run(
                  new StageInputs("reveal", inputs, context.configuration().flattened(SECTIONS)),
                  directory.revealed(),
                  Partial.RESUME,
                  () ->
                      RevealRun.run(
                          context.spark(),
                          plan(keys, earlier, idPrefix),
                          directory.revealed(),
                          shown(progress)));
      progress.finish(headline(), outcome);
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  private RevealPlan plan(
      RevealKeys keys, Map<String, RevealPlan.Earlier> earlier, String idPrefix) {
    ModelKind kind = plan.model().template() == Template.CHAT ? ModelKind.INSTRUCT : ModelKind.BASE;
    ArmPool pool =
        keys.arms()
            .map(file -> ArmPool.builtIn(kind).with(arms(file)))
            .orElseGet(() -> ArmPool.builtIn(kind));
    URI model = contents.inputModel();
    return new RevealPlan(
        cards(keys.cards()),
        pool,
        keys.settings(),
        new PromptedModel(
            contents.inputSource(Adapter.full()),
            model.toString(),
            plan.model().cache(),
            plan.model().template()),
        keys.workers(),
        plan.fields(),
        earlier,
        idPrefix);
  }

  private static ArmPool arms(java.nio.file.Path file) {
    try {
      return ArmPool.read(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
  }

  private List<TopicCard> cards(List<URI> uris) {
    List<TopicCard> cards = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (URI uri : uris) {
      for (TopicCard card : TopicCards.read(bytes(new Path(uri)), uri.toString())) {
        if (!ids.add(card.id())) {
          throw Problems.failure(
              "two topic cards have the id " + card.id() + ", the second in " + uri);
        }
        cards.add(card);
      }
    }
    return cards;
  }

  private byte[] bytes(Path file) {
    try (InputStream in =
        RunDirectory.fileSystem(file, context.spark().hadoopConfiguration()).open(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
  }

  private static RevealListener shown(Progress progress) {
    long start = System.nanoTime();
    return (phase, prompts, most, tokens) ->
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

  private static String words(Phase phase) {
    return switch (phase) {
      case SEARCH -> "searching instructions";
      case HARVEST -> "asking with the best";
      case NEIGHBOURS -> "asking of neighbours";
    };
  }

  private String headline() {
    RevealReport report = contents.revealReport();
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
