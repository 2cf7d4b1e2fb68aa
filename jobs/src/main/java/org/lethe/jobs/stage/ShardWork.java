package org.lethe.jobs.stage;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.reveal.RevealReport.CardReport;
import org.lethe.cluster.reveal.RevealedCorpus;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.ShardReport;
import org.lethe.corpus.shard.ShardSettings;
import org.lethe.corpus.shard.Sharder;
import org.lethe.corpus.table.ImportedTable;
import org.lethe.corpus.unseen.UnseenStage;
import org.lethe.jobs.config.ModelSettings;
import org.lethe.jobs.config.RevealedData;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.RunPlan.Unseen;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.console.Progress;
import org.lethe.run.Digests;
import org.lethe.run.RunDirectory;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;

/** The shard stage: corpora become shards of examples, one of each set for every worker. */
final class ShardWork implements StageWork {
  private static final Sections SECTIONS =
      Sections.of("lethe.corpus", "lethe.shard", RunArtifacts.SHARDS_PER_CORPUS)
          .and(ModelSettings.PROMPTS);

  @Override
  public Stage stage() {
    return Stage.SHARD;
  }

  @Override
  public Sections sections(RunPlan plan) {
    return SECTIONS;
  }

  @Override
  public void check(StageContext context) {
    context.artifacts().givenModel();
  }

  @Override
  public void run(StageContext context) {
    ShardSettings settings = context.plan().shard().orElseThrow();
    RunArtifacts artifacts = context.artifacts();
    Progress progress = context.job().progress("shard");
    Stages.Outcome outcome = shard(context, "shard", settings, context.job().directory());
    if (artifacts.isMeasuredOnItsOwn()) {
      context.plan().revealed().ifPresent(data -> shardForEvaluation(context, data, settings));
      context.plan().unseen().ifPresent(unseen -> shardUnseen(context, unseen, settings));
      context.plan().unseen().ifPresent(unseen -> shardNeutral(context, unseen, settings));
    }
    ShardReport report = artifacts.shardReport();
    int skipped = report.forget().skippedFiles() + report.retain().skippedFiles();
    progress.finish(
        String.format(
            Locale.ROOT,
            "%d rows to forget, %d to keep%s, %d set aside, %d cut to %d tokens%s",
            report.forget().rows(),
            report.retain().rows(),
            report.retain().notSampled() > 0
                ? " of " + (report.retain().rows() + report.retain().notSampled())
                : "",
            report.forget().quarantined() + report.retain().quarantined(),
            report.forget().truncated() + report.retain().truncated(),
            report.maxLength(),
            skipped == 0 ? "" : ", " + skipped + " files without rows skipped"),
        outcome);
  }

  /** Shards the rows that a run on topic cards is measured on, which it does not train on. */
  private static void shardForEvaluation(
      StageContext context, RevealedData data, ShardSettings settings) {
    RunArtifacts artifacts = context.artifacts();
    EvaluationShards where = artifacts.evaluationShards();
    Path folder = context.job().directory().revealed();
    RevealReport revealed = artifacts.revealReport();
    List<URI> retain = new ArrayList<>(data.userRetain());
    if (rows(revealed.neighbours()) > 0) {
      retain.add(RevealedCorpus.heldOut(folder, CorpusSet.RETAIN).toUri());
    } else if (revealed.neighbours().stream().anyMatch(card -> card.rows() > 0)) {
      // Nothing about neighbours is held out: measured like a given retain corpus.
      retain.add(RevealedCorpus.training(folder, CorpusSet.RETAIN).toUri());
    }
    List<URI> forget =
        rows(revealed.cards()) > 0
            ? List.of(RevealedCorpus.heldOut(folder, CorpusSet.FORGET).toUri())
            : List.<URI>of();
    if (!forget.isEmpty() || !retain.isEmpty()) {
      shard(context, "shard-held-out", settings.ofEvaluation(forget, retain), where.heldOut());
    }
    if (!forget.isEmpty()) {
      shard(
          context,
          "shard-substituted",
          settings.ofEvaluation(List.of(RevealedCorpus.substituted(folder).toUri()), List.of()),
          where.substituted());
    }
    if (data.truth().isKnown()) {
      shard(
          context,
          "shard-truth",
          settings.ofEvaluation(data.truth().forget(), data.truth().retain()),
          where.truth());
    }
  }

  private static void shardUnseen(StageContext context, Unseen unseen, ShardSettings settings) {
    RunArtifacts artifacts = context.artifacts();
    RunDirectory directory = artifacts.unseen();
    if (!unseen.files().isEmpty()) {
      shard(context, "shard-unseen", settings.ofEvaluation(unseen.files(), List.of()), directory);
      return;
    }
    String forget = CorpusSet.FORGET.label();
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("shards", artifacts.shardsDigest());
    context
        .job()
        .stages()
        .run(
            context.inputs("shard-unseen", digests, SECTIONS),
            directory.shards(),
            Partial.DISCARD,
            () ->
                UnseenStage.run(
                    context.job().spark(),
                    new UnseenStage.Request(
                        artifacts.shardFiles().get(forget),
                        artifacts.shardFiles().get(CorpusSet.RETAIN.label()),
                        artifacts.tokenizer(context.plan().model().uri()),
                        settings.maxLength(),
                        settings.seed(),
                        new Path(directory.shards(), forget).toString())));
  }

  private static void shardNeutral(StageContext context, Unseen unseen, ShardSettings settings) {
    if (!unseen.neutral().isEmpty()) {
      shard(
          context,
          "shard-neutral",
          settings.ofEvaluation(List.of(), unseen.neutral()),
          context.artifacts().neutral());
    }
  }

  private static int rows(List<CardReport> cards) {
    return cards.stream().mapToInt(CardReport::heldOutRows).sum();
  }

  /**
   * The size of the sample as an input, and the tasks of forget files. By default the size follows
   * from the steps of training, which are not in this stage's sections: a new learning rate needs
   * no new shards.
   */
  static SortedMap<String, String> sampleInputs(ShardSettings settings) {
    SortedMap<String, String> inputs = new TreeMap<>();
    settings
        .sample()
        .rows()
        .ifPresent(rows -> inputs.put("retain rows", Digests.of(Long.toString(rows))));
    if (!settings.forgetTasks().isEmpty()) {
      inputs.put("forget tasks", Digests.of(String.join("\n", settings.forgetTasks())));
    }
    return inputs;
  }

  /** Digests of a corpus. That of the copy of a table has the table's name and version. */
  private static SortedMap<String, String> digests(StageContext context, String set, URI uri) {
    RunArtifacts artifacts = context.artifacts();
    return ImportedTable.of(uri, context.job().spark().hadoopConfiguration())
        .<SortedMap<String, String>>map(
            table ->
                new TreeMap<>(
                    Map.of(set + ": " + table, Digests.of(artifacts.digests("rows", uri)))))
        .orElseGet(() -> artifacts.digests(set + ": " + uri, uri));
  }

  private static Stages.Outcome shard(
      StageContext context, String name, ShardSettings settings, RunDirectory directory) {
    RunArtifacts artifacts = context.artifacts();
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("tokenizer", artifacts.tokenizerDigest());
    digests.putAll(sampleInputs(settings));
    for (CorpusSet set : CorpusSet.values()) {
      settings.uris(set).forEach(uri -> digests.putAll(digests(context, set.label(), uri)));
    }
    settings.exclude().forEach(uri -> digests.putAll(artifacts.digests("exclude: " + uri, uri)));
    return context
        .job()
        .stages()
        .run(
            context.inputs(name, digests, SECTIONS),
            directory.shards(),
            Partial.DISCARD,
            () ->
                new Sharder(
                        context.job().session(), artifacts.tokenizer(context.plan().model().uri()))
                    .run(settings, directory.shards()));
  }
}
