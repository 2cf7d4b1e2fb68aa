package org.lethe.jobs.stage;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.reveal.RevealReport.CardReport;
import org.lethe.cluster.reveal.RevealedCorpus;
import org.lethe.corpus.CorpusSet;
import org.lethe.corpus.ShardReport;
import org.lethe.corpus.ShardSettings;
import org.lethe.corpus.Sharder;
import org.lethe.jobs.config.RevealKeys;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.console.Progress;
import org.lethe.run.RunDirectory;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;

/** The shard stage: corpora become shards of examples, one of each set for every worker. */
public final class ShardWork {
  private final JobContext context;
  private final RunPlan plan;
  private final RunArtifacts contents;

  public ShardWork(JobContext context, RunPlan plan, RunArtifacts contents) {
    this.context = context;
    this.plan = plan;
    this.contents = contents;
  }

  public void run(ShardSettings settings) {
    Progress progress = context.progress("shard");
    Stages.Outcome outcome = shard("shard", settings, context.directory());
    if (contents.isMeasuredOnItsOwn()) {
      plan.reveal().ifPresent(keys -> ofEvaluation(keys, settings));
    }
    ShardReport report = contents.shardReport();
    progress.finish(
        String.format(
            Locale.ROOT,
            "%d rows to forget, %d to keep, %d set aside, %d cut to %d tokens",
            report.forget().rows(),
            report.retain().rows(),
            report.forget().quarantined() + report.retain().quarantined(),
            report.forget().truncated() + report.retain().truncated(),
            report.maxLength()),
        outcome);
  }

  /** What a run that revealed its own data is measured on: what it did not train on. */
  private void ofEvaluation(RevealKeys keys, ShardSettings settings) {
    RevealReport revealed = contents.revealReport();
    List<URI> retain = new ArrayList<>(keys.userRetain());
    if (rows(revealed.neighbours()) > 0) {
      retain.add(heldOut(CorpusSet.RETAIN));
    } else if (revealed.neighbours().stream().anyMatch(card -> card.rows() > 0)) {
      // Nothing of them is held out: measured as a retain corpus that was given is.
      retain.add(RevealedCorpus.training(context.directory().revealed(), CorpusSet.RETAIN).toUri());
    }
    List<URI> forget =
        rows(revealed.cards()) > 0 ? List.of(heldOut(CorpusSet.FORGET)) : List.<URI>of();
    if (!forget.isEmpty() || !retain.isEmpty()) {
      shard("shard-held-out", settings.ofEvaluation(forget, retain), contents.heldOut());
    }
    if (!forget.isEmpty()) {
      shard(
          "shard-substituted",
          settings.ofEvaluation(
              List.of(RevealedCorpus.substituted(context.directory().revealed()).toUri()),
              List.of()),
          contents.substituted());
    }
    if (keys.truth().isKnown()) {
      shard(
          "shard-truth",
          settings.ofEvaluation(keys.truth().forget(), keys.truth().retain()),
          contents.truth());
    }
  }

  private static int rows(List<CardReport> cards) {
    return cards.stream().mapToInt(CardReport::heldOutRows).sum();
  }

  private URI heldOut(CorpusSet set) {
    return RevealedCorpus.heldOut(context.directory().revealed(), set).toUri();
  }

  private Stages.Outcome shard(String stage, ShardSettings settings, RunDirectory where) {
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("tokenizer", contents.tokenizerDigest());
    for (CorpusSet set : CorpusSet.values()) {
      settings
          .uris(set)
          .forEach(uri -> inputs.putAll(contents.digests(set.label() + ": " + uri, uri)));
    }
    return context
        .stages()
        .run(
            contents.inputs(stage, inputs, "lethe.corpus", "lethe.shard", "lethe.model.template"),
            where.shards(),
            Partial.DISCARD,
            () ->
                new Sharder(context.session(), contents.tokenizer(plan.model().uri()))
                    .run(settings, where.shards()));
  }
}
