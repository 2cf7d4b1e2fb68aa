package org.lethe.corpus.shard;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.Decisions.Overlap;
import org.lethe.corpus.shard.ShardReport.OverlapReport;
import org.lethe.corpus.shard.ShardReport.QuarantinedRow;
import org.lethe.corpus.shard.ShardReport.SetReport;
import org.lethe.corpus.shard.ShardReport.Shard;
import org.lethe.corpus.shard.WriteTask.Written;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the report from counts and the written files. */
final class ReportMaker {
  private static final Logger LOG = LoggerFactory.getLogger(ReportMaker.class);

  /** Maximum number of examples of unusable and of overlapping rows. */
  static final int MOST_EXAMPLES = 20;

  private final ShardSettings settings;

  ReportMaker(ShardSettings settings) {
    this.settings = settings;
  }

  /**
   * What is known about one corpus before its shards are written.
   *
   * @param files number of input files
   * @param skippedFiles files of input folders that hold no rows
   * @param rows what reading found
   * @param decided what the shuffles found
   * @param quarantined the first unusable rows
   * @param notSampled retain rows that the sample leaves out
   * @param near rows of the sample that are near to the forget rows
   */
  record Found(
      int files,
      int skippedFiles,
      RowCounts rows,
      Decisions.SetCounts decided,
      List<QuarantinedRow> quarantined,
      long notSampled,
      long near) {
    long unusable() {
      return rows.rejected() + decided.idTaken();
    }
  }

  /** Returns the report of written shards. */
  ShardReport report(Map<CorpusSet, Found> found, Decisions.Counts counts, List<Written> written) {
    Map<CorpusSet, SetReport> sets = new EnumMap<>(CorpusSet.class);
    for (CorpusSet set : CorpusSet.values()) {
      sets.put(
          set,
          report(
              found.get(set),
              written.stream()
                  .filter(w -> w.target() / settings.workers() == set.ordinal())
                  .toList()));
      log(set, sets.get(set));
    }
    return new ShardReport(
        ShardReport.FORMAT,
        settings.workers(),
        settings.maxLength(),
        settings.seed(),
        sets.get(CorpusSet.FORGET),
        sets.get(CorpusSet.RETAIN),
        new OverlapReport(
            counts.overlapping(), counts.examples().stream().map(Overlap::row).toList()));
  }

  private static SetReport report(Found found, List<Written> written) {
    return new SetReport(
        found.files(),
        found.skippedFiles(),
        found.rows().read(),
        found.rows().filtered(),
        found.unusable(),
        Collections.unmodifiableSortedMap(found.rows().reasons(found.decided().idTaken())),
        found.quarantined(),
        found.decided().duplicates(),
        found.decided().excluded(),
        found.notSampled(),
        found.near(),
        written.stream().mapToLong(Written::rows).sum(),
        written.stream().mapToLong(Written::tokens).sum(),
        written.stream().mapToLong(Written::truncated).sum(),
        written.stream().map(w -> new Shard(w.file(), w.rows(), w.tokens(), w.sha256())).toList());
  }

  private static void log(CorpusSet set, SetReport report) {
    LOG.info(
        "Corpus {}: {} rows read, {} filtered, {} quarantined, {} duplicates, {} not sampled, {}"
            + " written with {} tokens, {} truncated",
        set.label(),
        report.read(),
        report.filtered(),
        report.quarantined(),
        report.duplicates(),
        report.notSampled(),
        report.rows(),
        report.tokens(),
        report.truncated());
  }
}
