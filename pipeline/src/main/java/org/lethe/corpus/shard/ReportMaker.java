package org.lethe.corpus.shard;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.ShardReport.OverlapReport;
import org.lethe.corpus.shard.ShardReport.QuarantinedRow;
import org.lethe.corpus.shard.ShardReport.SetReport;
import org.lethe.corpus.shard.ShardReport.Shard;
import org.lethe.corpus.shard.WriteTask.Written;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the report from the plan and the written files. */
final class ReportMaker {
  private static final Logger LOG = LoggerFactory.getLogger(ReportMaker.class);
  private static final int MOST_EXAMPLES = 20;

  private final ShardSettings settings;
  private final Map<CorpusSet, List<FileStatus>> files;

  ReportMaker(ShardSettings settings, Map<CorpusSet, List<FileStatus>> files) {
    this.settings = settings;
    this.files = files;
  }

  /** Returns the report of shards that were written according to the plan. */
  ShardReport report(ShardPlan plan, List<Written> written) {
    Map<CorpusSet, SetReport> sets = new EnumMap<>(CorpusSet.class);
    OutputNumbers layout = new OutputNumbers(0, settings.workers());
    for (CorpusSet set : CorpusSet.values()) {
      List<Shard> shards =
          written.stream()
              .filter(w -> layout.set(w.target()) == set && !layout.isQuarantine(w.target()))
              .map(w -> new Shard(w.file(), w.rows(), w.tokens(), w.sha256()))
              .toList();
      SetPlan found = plan.set(set);
      SetReport report =
          new SetReport(
              files.get(set).size(),
              found.read(),
              found.filtered(),
              found.quarantined().size(),
              Collections.unmodifiableSortedMap(found.reasons()),
              quarantinedRows(found, set),
              found.duplicates(),
              shards.stream().mapToLong(Shard::rows).sum(),
              shards.stream().mapToLong(Shard::tokens).sum(),
              plan.chosen(set).stream().filter(RowSummary::truncated).count(),
              shards);
      sets.put(set, report);
      LOG.info(
          "Corpus {}: {} rows read, {} filtered, {} quarantined, {} duplicates, {} written with"
              + " {} tokens, {} truncated",
          set.label(),
          report.read(),
          report.filtered(),
          report.quarantined(),
          report.duplicates(),
          report.rows(),
          report.tokens(),
          report.truncated());
    }
    return new ShardReport(
        ShardReport.FORMAT,
        settings.workers(),
        settings.maxLength(),
        settings.seed(),
        sets.get(CorpusSet.FORGET),
        sets.get(CorpusSet.RETAIN),
        new OverlapReport(
            plan.overlap().size(), plan.overlap().stream().limit(MOST_EXAMPLES).toList()));
  }

  /** Returns the first quarantined rows. */
  List<QuarantinedRow> quarantinedRows(SetPlan found, CorpusSet set) {
    return found.quarantined().stream()
        .limit(MOST_EXAMPLES)
        .map(
            row ->
                new QuarantinedRow(
                    files.get(set).get(row.row().place().file()).getPath().toString(),
                    row.row().place().line(),
                    row.row().id(),
                    row.reason()))
        .toList();
  }
}
