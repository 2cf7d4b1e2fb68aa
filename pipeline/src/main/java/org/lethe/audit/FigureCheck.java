package org.lethe.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.EvaluationRows;
import org.lethe.corpus.input.PairDigest;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.RecomputedRow;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;

/**
 * Computes the figures of an evaluation again: those of each row from its texts and its loss, those
 * of the summary from the rows. The zlib score of a row is taken as it is, because the compressed
 * length depends on the zlib library.
 */
final class FigureCheck {
  /** Rows whose texts are in memory at a time. */
  private static final int CHUNK = 1024;

  private static final String SEED = "lethe.evaluate.seed";
  private static final String EXAMPLES = "lethe.release.example-rows";

  private final RunDirectory directory;
  private final ErasureRecord record;
  private final DeletedFiles deleted;
  private final Configuration hadoop;
  private final SortedMap<String, List<EvaluationRow>> checked = new TreeMap<>();

  /** Of the evaluation that was checked last. */
  private final SortedMap<String, String> identities = new TreeMap<>();

  private long rows;
  private long figures;

  FigureCheck(
      RunDirectory directory, ErasureRecord record, DeletedFiles deleted, Configuration hadoop) {
    this.deleted = deleted;
    this.directory = directory;
    this.record = record;
    this.hadoop = hadoop;
  }

  /**
   * Checks one evaluation, and returns its figures.
   *
   * @param when before or after, or the same of unseen rows
   */
  EvaluationFigures check(String when) {
    EvaluationFigures figures = checkAlone(when);
    String file = rowsFile(when);
    if (!deleted.contains(file)) {
      new ShardedRows(directory, record, deleted, hadoop).check(when, file, identities);
    }
    return figures;
  }

  /** Checks an evaluation on rows whose shards are elsewhere, and returns its figures. */
  EvaluationFigures checkAlone(String when) {
    String summaryFile = folder(when) + "/summary.json";
    JsonNode document = Documents.read(directory.fileSystem(), directory.below(summaryFile));
    EvaluationSummary summary = EvaluationSummary.fromJson(document);
    Difference.require(
        summaryFile, "seed", record.configuration().get(SEED), String.valueOf(summary.seed()));
    identities.clear();
    if (!deleted.contains(rowsFile(when))) {
      List<EvaluationRow> found = checkedRows(rowsFile(when));
      rows += found.size();
      checked.put(when, found);
      Difference.requireJson(
          summaryFile, document, EvaluationSummary.of(found, summary.seed()).toJson());
    }
    EvaluationFigures states = summary.states();
    figures += states.measured().size();
    return states;
  }

  private String folder(String when) {
    return record.evidence().folders().getOrDefault(when, "evaluation/" + when);
  }

  private String rowsFile(String when) {
    return folder(when) + "/rows.parquet";
  }

  /** Fails if the example rows of the record are not those of both evaluations. */
  void examples() {
    if (checked.containsKey("before") && checked.containsKey("after")) {
      RecordedExamples.check(
          record.examples(),
          RecordedExamples.of(
              checked.get("before"),
              checked.get("after"),
              Integer.parseInt(record.configuration().getOrDefault(EXAMPLES, "0"))));
    }
  }

  /** Checks each row, and returns the rows without their texts. */
  private List<EvaluationRow> checkedRows(String file) {
    List<EvaluationRow> found = new ArrayList<>();
    List<EvaluationRow> chunk = new ArrayList<>();
    EvaluationRows.forEach(
        directory.below(file),
        hadoop,
        row -> {
          chunk.add(row);
          if (chunk.size() == CHUNK) {
            rows(file, chunk, found);
          }
        });
    rows(file, chunk, found);
    return found;
  }

  /** Checks a chunk, adds its rows without their texts, and empties it. */
  private void rows(String file, List<EvaluationRow> chunk, List<EvaluationRow> found) {
    List<EvaluationRow> computed = chunk.parallelStream().map(RecomputedRow::of).toList();
    List<String> digests =
        chunk.parallelStream().map(row -> PairDigest.of(row.prompt(), row.expected())).toList();
    for (int i = 0; i < chunk.size(); i++) {
      EvaluationRow row = chunk.get(i);
      if (!row.metrics().equals(computed.get(i).metrics())) {
        row(file, row, computed.get(i));
      }
      identities.put(row.set() + "/" + row.id(), ShardedRows.identity(row.task(), digests.get(i)));
      found.add(row.withoutTexts());
    }
    chunk.clear();
  }

  private static void row(String file, EvaluationRow row, EvaluationRow computed) {
    SortedMap<String, Double> recorded = figures(row);
    SortedMap<String, Double> found = figures(computed);
    recorded.remove(Metric.ZLIB.key());
    found.remove(Metric.ZLIB.key());
    Difference.requireMaps(file, "row " + row.set() + "/" + row.id(), recorded, found);
  }

  private static SortedMap<String, Double> figures(EvaluationRow row) {
    SortedMap<String, Double> figures = new TreeMap<>();
    row.metrics().forEach((metric, value) -> figures.put(metric.key(), value));
    return figures;
  }

  long rows() {
    return rows;
  }

  long figures() {
    return figures;
  }
}
