package org.lethe.jobs;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.corpus.CorpusSet;
import org.lethe.corpus.ShardReport;
import org.lethe.corpus.ShardSettings;
import org.lethe.corpus.Sharder;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;

/** The shard stage: corpora become shards of examples, one of each set for every worker. */
final class ShardWork {
  private final JobContext context;
  private final RunPlan plan;
  private final RunContents contents;

  ShardWork(JobContext context, RunPlan plan, RunContents contents) {
    this.context = context;
    this.plan = plan;
    this.contents = contents;
  }

  void run(ShardSettings settings) {
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("tokenizer", contents.tokenizerDigest());
    for (CorpusSet set : CorpusSet.values()) {
      settings
          .uris(set)
          .forEach(uri -> inputs.putAll(contents.digests(set.label() + ": " + uri, uri)));
    }
    Progress progress = context.progress("shard");
    Stages.Outcome outcome =
        context
            .stages()
            .run(
                contents.inputs(
                    "shard", inputs, "lethe.corpus", "lethe.shard", "lethe.model.template"),
                context.directory().shards(),
                Partial.DISCARD,
                () ->
                    new Sharder(context.session(), contents.tokenizer(plan.model().uri()))
                        .run(settings, context.directory().shards()));
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
}
