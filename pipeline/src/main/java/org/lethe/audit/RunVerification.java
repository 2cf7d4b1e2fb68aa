package org.lethe.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.shard.ShardReport;
import org.lethe.error.EvidenceErrors;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.RequestLine;
import org.lethe.run.Gate;
import org.lethe.run.RunDirectory;
import org.lethe.run.RunDocument;

/**
 * Verifies a run: every digest, figure, interval, count, gate and the decision of its record. Stops
 * at the first difference. A consistent forgery of everything passes; only a signature shows it.
 */
public final class RunVerification {
  private static final String RECORD = "record.json";

  private final RunDirectory directory;
  private final Configuration hadoop;
  private final List<String> lines = new ArrayList<>();

  private RunVerification(RunDirectory directory, Configuration hadoop) {
    this.directory = directory;
    this.hadoop = hadoop;
  }

  /**
   * Verifies a run directory, also a copy of one.
   *
   * @return what was verified, one line each
   * @throws LetheException EVIDENCE at the first difference
   */
  public static List<String> verify(RunDirectory directory, Configuration hadoop) {
    try {
      return new RunVerification(directory, hadoop).run();
    } catch (LetheException e) {
      // A document that cannot be read any more is a difference, not an input of the user.
      throw e.exitClass() == ExitClass.INPUT
          ? EvidenceErrors.unreadable(directory.toString(), e.getMessage())
          : e;
    }
  }

  private List<String> run() {
    if (!Documents.exists(directory.fileSystem(), directory.record())) {
      throw EvidenceErrors.noRecord(directory.toString());
    }
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    add("record", "%s of %s, run %s", record.decision(), record.created(), record.runId());
    DeletedFiles deleted = new DeletedFiles(directory, record);
    deleted.check(record);
    add("digests", "%d files as recorded", new DigestCheck(directory, record, deleted).run());
    deleted.words().ifPresent(words -> add("deleted", "%s", words));
    configuration(record);
    if (record.requests().isEmpty()) {
      figures(record, deleted);
      counts(record);
    } else {
      record.requests().forEach(this::request);
    }
    return lines;
  }

  private void configuration(ErasureRecord record) {
    if (record.evidence().files().containsKey("run.json")) {
      RunDocument document =
          Documents.read(directory.fileSystem(), directory.runDocument(), RunDocument.class);
      Difference.requireMaps(
          RECORD, "configuration", record.configuration(), document.configuration());
      Difference.require("run.json", "run_id", record.runId(), document.runId());
    }
  }

  private void figures(ErasureRecord record, DeletedFiles deleted) {
    FigureCheck check = new FigureCheck(directory, record, deleted, hadoop);
    EvaluationFigures before = check.check("before");
    EvaluationFigures after = check.check("after");
    if (record.evidence().folders().containsKey(Gate.UNSEEN + "before")) {
      before = before.and(check.check(Gate.UNSEEN + "before"));
      after = after.and(check.check(Gate.UNSEEN + "after"));
    }
    DecisionCheck.run(record, before, after);
    if (check.rows() > 0) {
      add("figures", "%d computed again from %d rows", check.figures(), check.rows());
    } else {
      add("figures", "%d read from the summaries; retention deleted the rows", check.figures());
    }
    add("gates", "%d decided again", record.gates().size());
  }

  private void counts(ErasureRecord record) {
    String shards = record.evidence().folders().getOrDefault("shards", "shards");
    ShardReport report =
        Documents.read(
            directory.fileSystem(), directory.below(shards + "/report.json"), ShardReport.class);
    Difference.requireMaps(RECORD, "counts", record.counts(), RecordedCounts.of(report));
  }

  /** A request is a run of its own, whose record the whole run's record repeats. */
  private void request(RequestLine line) {
    RunDirectory own = directory.nested("requests").nested(line.id());
    lines.addAll(new RunVerification(own, hadoop).run());
    ErasureRecord record = Documents.read(own.fileSystem(), own.record(), ErasureRecord.class);
    String field = "requests." + line.id();
    Difference.require(RECORD, field + ".decision", line.decision(), record.decision());
    Difference.require(RECORD, field + ".gates", line.gates(), record.gates());
    Difference.requireMaps(RECORD, field + ".before", line.before(), record.before());
    Difference.requireMaps(RECORD, field + ".after", line.after(), record.after());
    line.later()
        .forEach(
            later -> {
              RunDirectory after = directory.nested("requests").nested(later.request());
              Path summary = new Path(after.evaluation("earlier-" + line.id()), "summary.json");
              Difference.requireMaps(
                  RECORD,
                  field + ".later." + later.request(),
                  later.figures(),
                  EvaluationSummary.fromJson(Documents.read(after.fileSystem(), summary))
                      .states()
                      .means());
            });
  }

  private void add(String what, String format, Object... values) {
    lines.add(
        String.format(Locale.ROOT, "%-10s ", what) + String.format(Locale.ROOT, format, values));
  }
}
