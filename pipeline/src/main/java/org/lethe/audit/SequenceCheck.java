package org.lethe.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.ErasureRecord.Later;
import org.lethe.run.ErasureRecord.RequestLine;
import org.lethe.run.RunDirectory;

/**
 * Checks the record of a run that answered several requests against the requests' own records: none
 * is left out, each begins with the model that the one before released, and what the record repeats
 * of them follows from them.
 */
final class SequenceCheck {
  private static final String RECORD = "record.json";
  private static final String CARD = "README.md";
  private static final String RETAIN = "retain.";

  private final ErasureRecord record;
  private final Map<String, ErasureRecord> own = new LinkedHashMap<>();

  SequenceCheck(RunDirectory directory, ErasureRecord record) {
    this.record = record;
    for (RequestLine line : record.requests()) {
      own.computeIfAbsent(
          line.record(),
          file ->
              Documents.read(directory.fileSystem(), directory.below(file), ErasureRecord.class));
    }
  }

  /** Fails at the first difference. */
  void run() {
    TreeSet<String> named = new TreeSet<>(record.evidence().files().keySet());
    named.removeIf(file -> !file.matches("requests/[^/]+/record\\.json"));
    Difference.require(RECORD, "requests", new TreeSet<>(own.keySet()), named);
    models();
    repeated();
    record.requests().forEach(this::later);
  }

  /** Each request begins with the model that the last released request before it left. */
  private void models() {
    SortedMap<String, String> start = record.inputModel();
    for (Map.Entry<String, ErasureRecord> request : own.entrySet()) {
      Difference.requireMaps(
          request.getKey(), "input_model", request.getValue().inputModel(), start);
      if (request.getValue().decision() == Decision.RELEASED) {
        start = new TreeMap<>(request.getValue().outputModel());
        start.remove(CARD); // Release writes the model card.
      }
    }
  }

  /** Figures, counts and texts of the whole record. */
  private void repeated() {
    List<ErasureRecord> records = new ArrayList<>(own.values());
    ErasureRecord first = records.get(0);
    ErasureRecord last =
        records.stream()
            .filter(one -> one.decision() == Decision.RELEASED)
            .reduce((a, b) -> b)
            .orElse(records.get(records.size() - 1));
    SortedMap<String, String> data = new TreeMap<>();
    SortedMap<String, Long> counts = new TreeMap<>();
    SortedMap<String, String> notMeasured = new TreeMap<>();
    own.forEach(
        (file, one) -> {
          String prefix = id(file) + ", ";
          one.data().forEach((name, digest) -> data.put(prefix + name, digest));
          one.counts().forEach((name, count) -> counts.put(prefix + name, count));
          one.notMeasured().forEach((name, why) -> notMeasured.put(prefix + name, why));
        });
    Difference.require(RECORD, "decision", record.decision(), last.decision());
    Difference.requireMaps(RECORD, "output_model", record.outputModel(), last.outputModel());
    Difference.requireMaps(
        RECORD, "evidence.base_model", record.evidence().baseModel(), first.evidence().baseModel());
    Difference.requireMaps(RECORD, "data", record.data(), data);
    Difference.requireMaps(RECORD, "counts", record.counts(), counts);
    Difference.requireMaps(RECORD, "not_measured", record.notMeasured(), notMeasured);
    Difference.requireMaps(RECORD, "code", record.code(), last.code());
    Difference.requireMaps(RECORD, "before", record.before(), ofRetain(first.before()));
    Difference.requireMaps(RECORD, "after", record.after(), ofRetain(last.after()));
    Difference.require(RECORD, "limits", record.limits(), last.limits());
    Difference.require(
        RECORD,
        "accountability.legal_basis",
        record.accountability().legalBasis(),
        first.accountability().legalBasis());
    Difference.require(
        RECORD,
        "accountability.request_reference",
        record.accountability().requestReference(),
        first.accountability().requestReference());
  }

  /** A request names its figures after every later request. */
  private void later(RequestLine line) {
    List<String> after = new ArrayList<>();
    boolean found = false;
    for (String file : own.keySet()) {
      if (found) {
        after.add(id(file));
      }
      found |= file.equals(line.record());
    }
    Difference.require(
        RECORD,
        "requests." + line.id() + ".later",
        line.later().stream().map(Later::request).toList(),
        after);
  }

  private static String id(String file) {
    return new Path(file).getParent().getName();
  }

  private static SortedMap<String, Double> ofRetain(SortedMap<String, Double> figures) {
    SortedMap<String, Double> chosen = new TreeMap<>(figures);
    chosen.keySet().removeIf(name -> !name.startsWith(RETAIN));
    return chosen;
  }
}
