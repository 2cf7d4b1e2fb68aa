package org.lethe.audit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.shard.ShardReport;
import org.lethe.error.EvidenceErrors;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.tuning.TuningResult;
import org.lethe.run.Accountability;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.ErasureRecord.Later;
import org.lethe.run.ErasureRecord.RequestLine;
import org.lethe.run.Gate;
import org.lethe.run.RunDirectory;
import org.lethe.run.RunDocument;
import org.lethe.run.StageManifest;
import org.lethe.run.UnlearningEnd;

/**
 * Verifies a run: every digest, figure, interval, count, gate and the decision of its record. Stops
 * at the first difference. A consistent forgery of everything passes; only a signature shows it.
 */
public final class RunVerification {
  private static final String RECORD = "record.json";
  private static final String REQUESTS = "requests";

  private final RunDirectory directory;
  private final Configuration hadoop;
  private final List<String> lines = new ArrayList<>();
  private final Set<String> verified = new HashSet<>();

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
      RunVerification whole = new RunVerification(directory, hadoop);
      List<String> lines = whole.run();
      whole.requireRunDocument();
      whole.signature();
      return lines;
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
    new ProgramCheck(directory, record).run();
    if (record.format() < 1 || record.format() > ErasureRecord.FORMAT) {
      throw EvidenceErrors.unknownFormat(RECORD, record.format(), ErasureRecord.FORMAT);
    }
    Difference.require(RECORD, "statement", record.statement(), ErasureRecord.STATEMENT);
    configuration(record);
    if (record.requests().isEmpty()) {
      figures(record, deleted);
      counts(record);
      end(record);
      if (isCurrent(record)) {
        new RequiredEvidence(directory, record).check();
        if (!record.accountability().equals(Accountability.NONE)) {
          RecordedCopies.check(directory, record);
          add("words", "limits and copies that remain follow from the run");
        }
      } else {
        add(
            "words",
            "limits and copies not compared; a record of format %d words them in its own way",
            record.format());
      }
    } else {
      new SequenceCheck(directory, record).run();
      record.requests().forEach(this::request);
    }
    return lines;
  }

  /** Last, since every change of a signed record shows here too. */
  private void signature() {
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    new ProgramCheck(directory, record).signature();
  }

  /** The record of a whole run names the configuration of its command. */
  private void requireRunDocument() {
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    String file = directory.relative(directory.runDocument());
    if (!record.evidence().files().containsKey(file)) {
      throw EvidenceErrors.unnamed(file, RECORD);
    }
  }

  private void configuration(ErasureRecord record) {
    if (record.evidence().files().containsKey("run.json")) {
      RunDocument document =
          Documents.read(directory.fileSystem(), directory.runDocument(), RunDocument.class);
      SortedMap<String, String> expected = new TreeMap<>(document.configuration());
      expected.putAll(chosenByTuning(record));
      Difference.requireMaps(RECORD, "configuration", record.configuration(), expected);
      Difference.require("run.json", "run_id", record.runId(), document.runId());
      Difference.require("run.json", "request_id", record.requestId(), document.requestId());
    }
  }

  /** The keys that a tuning of the run chose; its manifest names their digest. */
  private SortedMap<String, String> chosenByTuning(ErasureRecord record) {
    SortedMap<String, String> chosen = new TreeMap<>();
    if (record.evidence().files().containsKey(TuningResult.FOLDER + "/" + StageManifest.FILE)) {
      Path file = directory.below(TuningResult.FOLDER + "/" + TuningResult.FILE);
      for (String keyAndValue :
          Documents.read(directory.fileSystem(), file, TuningResult.class).configuration()) {
        String[] parts = keyAndValue.split("=", 2);
        chosen.put(parts[0], parts[1]);
      }
    }
    return chosen;
  }

  private void figures(ErasureRecord record, DeletedFiles deleted) {
    FigureCheck check = new FigureCheck(directory, record, deleted, hadoop);
    EvaluationFigures before = check.check("before");
    EvaluationFigures after = check.check("after");
    if (record.evidence().folders().containsKey(Gate.UNSEEN + "before")) {
      before = before.and(check.check(Gate.UNSEEN + "before"));
      after = after.and(check.check(Gate.UNSEEN + "after"));
    }
    AttackCheck attacks = new AttackCheck(directory, record, deleted, hadoop);
    before = before.and(attacks.check("before"));
    after = after.and(attacks.check("after"));
    attacks.sameAttempts();
    DecisionCheck.run(record, before, after);
    check.examples();
    if (isCurrent(record) && !record.accountability().equals(Accountability.NONE)) {
      Difference.require(
          RECORD,
          "limits",
          record.limits(),
          RecordedLimits.of(directory, record.configuration(), after));
    }
    if (check.rows() > 0) {
      add(
          "figures",
          "%d computed again from %d rows",
          check.figures() + attacks.figures(),
          check.rows() + attacks.rows());
    } else {
      add(
          "figures",
          "%d read from the summaries; retention deleted the rows",
          check.figures() + attacks.figures());
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

  /** The end of the unlearning, from its own documents. */
  private void end(ErasureRecord record) {
    UnlearningEnd recorded = record.unlearning();
    String candidate = record.evidence().folders().getOrDefault("candidate", "candidate");
    UnlearningEnd found = RecordedEnd.of(directory, candidate, record.before(), record.after());
    part(record, "stop", recorded.stop(), found.stop());
    part(record, "tuning", recorded.tuning(), found.tuning());
    part(record, "form", recorded.form(), found.form());
    recorded.stop().ifPresent(stop -> add("end", "%s", stop.words()));
    recorded.form().ifPresent(form -> add("form", "%s", form.words()));
  }

  /** A record of an earlier format may leave a part out. */
  private static void part(
      ErasureRecord record, String name, Optional<?> recorded, Optional<?> found) {
    if (isCurrent(record) || recorded.isPresent()) {
      Difference.require(RECORD, "unlearning." + name, recorded, found);
    }
  }

  /** Whether the words of a record are those that this version writes. */
  private static boolean isCurrent(ErasureRecord record) {
    return record.format() == ErasureRecord.FORMAT;
  }

  /**
   * A request is a run of its own, whose record the whole run's record repeats, or a part of a
   * batch, whose figures by task it repeats.
   */
  private void request(RequestLine line) {
    Path file = directory.below(line.record());
    RunDirectory own = directory.nested(REQUESTS).nested(file.getParent().getName());
    if (verified.add(own.toString())) {
      RunVerification request = new RunVerification(own, hadoop);
      lines.addAll(request.run());
      request.signature();
    }
    ErasureRecord record = Documents.read(own.fileSystem(), own.record(), ErasureRecord.class);
    String field = "requests." + line.id();
    boolean batch = !own.root().getName().equals(line.id());
    if (batch) {
      member(line, own, record, field);
    } else {
      Difference.require(RECORD, field + ".decision", line.decision(), record.decision());
      Difference.require(RECORD, field + ".gates", line.gates(), record.gates());
      Difference.requireMaps(RECORD, field + ".before", line.before(), record.before());
      Difference.requireMaps(RECORD, field + ".after", line.after(), record.after());
    }
    for (Later later : line.later()) {
      EvaluationFigures figures = later(later.request(), "earlier-" + own.root().getName());
      Difference.requireMaps(
          RECORD,
          field + ".later." + later.request(),
          later.figures(),
          (batch ? figures.ofForgetTask(line.id()) : figures).means());
    }
  }

  /** Figures of the rows of an earlier request, computed again. */
  private EvaluationFigures later(String request, String evaluation) {
    RunDirectory after = directory.nested(REQUESTS).nested(request);
    ErasureRecord record = Documents.read(after.fileSystem(), after.record(), ErasureRecord.class);
    return new FigureCheck(after, record, new DeletedFiles(after, record), hadoop)
        .checkAlone(evaluation);
  }

  /** Compares a request of a batch with the figures of its rows, and decides its gates again. */
  private static void member(
      RequestLine line, RunDirectory batch, ErasureRecord record, String field) {
    EvaluationFigures before = ofMember(batch, record, "before", line.id());
    EvaluationFigures after = ofMember(batch, record, "after", line.id());
    Difference.requireMaps(RECORD, field + ".before", line.before(), before.means());
    Difference.requireMaps(RECORD, field + ".after", line.after(), after.means());
    List<Gate.Outcome> decided =
        line.gates().stream()
            .map(
                gate ->
                    new Gate(gate.figure(), Gate.BOUNDS.get(gate.kind()).apply(gate.limit()))
                        .decide(before, after))
            .toList();
    Difference.require(RECORD, field + ".gates", line.gates(), decided);
    Decision decision =
        decided.stream().allMatch(Gate.Outcome::passed) ? record.decision() : Decision.REFUSED;
    Difference.require(RECORD, field + ".decision", line.decision(), decision);
  }

  private static EvaluationFigures ofMember(
      RunDirectory batch, ErasureRecord record, String when, String id) {
    EvaluationFigures figures = figures(batch, when);
    boolean compared = record.evidence().folders().containsKey(Gate.UNSEEN + "before");
    return (compared ? figures.and(figures(batch, Gate.UNSEEN + when)) : figures).ofForgetTask(id);
  }

  private static EvaluationFigures figures(RunDirectory run, String when) {
    Path summary = new Path(run.evaluation(when), "summary.json");
    return EvaluationSummary.fromJson(Documents.read(run.fileSystem(), summary)).states();
  }

  private void add(String what, String format, Object... values) {
    lines.add(
        String.format(Locale.ROOT, "%-10s ", what) + String.format(Locale.ROOT, format, values));
  }
}
