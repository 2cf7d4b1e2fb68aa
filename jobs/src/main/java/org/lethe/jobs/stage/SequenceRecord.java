package org.lethe.jobs.stage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.report.Report;
import org.lethe.run.Accountability;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.ErasureRecord.Later;
import org.lethe.run.ErasureRecord.RequestLine;
import org.lethe.run.GateReport;
import org.lethe.run.UnlearningEnd;
import org.lethe.run.evidence.Attestations;
import org.lethe.run.evidence.EvidenceFiles;
import org.lethe.run.evidence.RecordStore;
import org.lethe.run.evidence.Signing;

/**
 * record.json and report.html of a run that answered several requests: one line per request, with
 * the figures of its forget set after each later request. Each request also has its own record.
 */
final class SequenceRecord {
  private final JobContext context;
  private final List<AnsweredRequest> answered;
  private final List<ErasureRecord> records;

  /**
   * @param answered at least one, with records of their own, in their order
   */
  SequenceRecord(JobContext context, List<AnsweredRequest> answered) {
    this.context = context;
    this.answered = List.copyOf(answered);
    this.records =
        answered.stream()
            .map(
                one ->
                    Documents.read(
                        one.directory().fileSystem(),
                        one.directory().record(),
                        ErasureRecord.class))
            .toList();
  }

  /**
   * Writes both.
   *
   * @param signing who signs the record
   */
  void write(Signing signing) {
    boolean written = new RecordStore(context.directory()).write(record());
    Attestations attestations = new Attestations(context.directory());
    if (written || !attestations.exist()) {
      signing.signer().ifPresent(attestations::sign);
    }
    Report.write(context.directory(), List.of());
  }

  private ErasureRecord record() {
    ErasureRecord first = records.get(0);
    int released = lastReleased();
    ErasureRecord last = records.get(released);
    SortedMap<String, String> configuration = context.configuration().flattened();
    SortedMap<String, String> data = new TreeMap<>();
    SortedMap<String, Long> counts = new TreeMap<>();
    for (int i = 0; i < records.size(); i++) {
      String prefix = answered.get(i).id() + ", ";
      records.get(i).data().forEach((name, digest) -> data.put(prefix + name, digest));
      records.get(i).counts().forEach((name, count) -> counts.put(prefix + name, count));
    }
    return new ErasureRecord(
        ErasureRecord.FORMAT,
        ErasureRecord.STATEMENT,
        context.runId(),
        context.requestId(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        last.decision(),
        path(released, last.modelPath()),
        first.inputModel(),
        last.outputModel(),
        data,
        counts,
        last.code(),
        Digests.of(configuration),
        configuration,
        // All requests share the retain set; the figures of each forget set are in its line.
        ofRetain(first.before()),
        ofRetain(last.after()),
        notMeasured(),
        List.of(),
        List.of(),
        last.limits(),
        accountability(),
        // The requests' own records hold theirs.
        UnlearningEnd.NONE,
        evidence(),
        lines());
  }

  /** The requests' own records list means and copies. */
  private Accountability accountability() {
    Accountability first = records.get(0).accountability();
    return new Accountability(
        first.legalBasis(),
        first.requestReference(),
        Accountability.LIKELIHOOD,
        List.of(),
        List.of());
  }

  private SortedMap<String, String> notMeasured() {
    SortedMap<String, String> all = new TreeMap<>();
    for (int i = 0; i < records.size(); i++) {
      String prefix = answered.get(i).id() + ", ";
      records.get(i).notMeasured().forEach((name, why) -> all.put(prefix + name, why));
    }
    return all;
  }

  /** The requests' own records name everything else. */
  private ErasureRecord.Evidence evidence() {
    return new ErasureRecord.Evidence(
        context.started().truncatedTo(ChronoUnit.SECONDS).toString(),
        new TreeMap<>(),
        records.get(0).evidence().baseModel(),
        new TreeMap<>(),
        EvidenceFiles.of(context.directory()),
        List.of(),
        Optional.empty());
  }

  /** Index of the last released record; of the last one if none was released. */
  private int lastReleased() {
    for (int i = records.size() - 1; i >= 0; i--) {
      if (records.get(i).decision() == Decision.RELEASED) {
        return i;
      }
    }
    return records.size() - 1;
  }

  private List<RequestLine> lines() {
    List<RequestLine> lines = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      ErasureRecord record = records.get(i);
      for (AnsweredRequest.Member member : answered.get(i).members()) {
        lines.add(line(i, member));
      }
      if (answered.get(i).members().isEmpty()) {
        lines.add(
            new RequestLine(
                answered.get(i).id(),
                record.decision(),
                path(i, "record.json"),
                path(i, record.modelPath()),
                record.gates(),
                record.before(),
                record.after(),
                later(i, Optional.empty())));
      }
    }
    return lines;
  }

  /** The line of a request of a batch: its own figures and gates, the batch's record and model. */
  private RequestLine line(int batch, AnsweredRequest.Member member) {
    ErasureRecord record = records.get(batch);
    RunArtifacts artifacts = answered.get(batch).artifacts();
    EvaluationFigures before = artifacts.allFigures("before");
    EvaluationFigures after = artifacts.allFigures("after");
    GateReport gates = member.decide(before, after);
    return new RequestLine(
        member.id(),
        gates.passed() ? record.decision() : Decision.REFUSED,
        path(batch, "record.json"),
        path(batch, record.modelPath()),
        gates.outcomes(),
        before.ofForgetTask(member.id()).means(),
        after.ofForgetTask(member.id()).means(),
        later(batch, Optional.of(member.id())));
  }

  /**
   * Figures of a forget set after each later request or batch.
   *
   * @param member a request of a batch, whose rows alone count
   */
  private List<Later> later(int of, Optional<String> member) {
    List<Later> later = new ArrayList<>();
    for (int i = of + 1; i < answered.size(); i++) {
      EvaluationFigures figures =
          answered.get(i).artifacts().figures(answered.get(of).laterEvaluation());
      later.add(
          new Later(
              answered.get(i).id(), member.map(figures::ofForgetTask).orElse(figures).means()));
    }
    return later;
  }

  private String path(int request, String inside) {
    return RequestSequence.FOLDER + "/" + answered.get(request).id() + "/" + inside;
  }

  private static SortedMap<String, Double> ofRetain(SortedMap<String, Double> figures) {
    SortedMap<String, Double> chosen = new TreeMap<>(figures);
    chosen.keySet().removeIf(name -> !name.startsWith("retain."));
    return chosen;
  }
}
