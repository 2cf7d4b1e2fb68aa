package org.lethe.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.EvaluationRows;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.RecomputedRow;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.ExampleRow;
import org.lethe.run.Gate;
import org.lethe.run.RunDirectory;

/**
 * Computes the figures of an evaluation again: those of each row from its texts and its loss, those
 * of the summary from the rows. The zlib score of a row is taken as it is, because the compressed
 * length depends on the zlib library.
 */
final class FigureCheck {
  /** Rows whose texts are in memory at a time. */
  private static final int CHUNK = 1024;

  private final RunDirectory directory;
  private final ErasureRecord record;
  private final DeletedFiles deleted;
  private final Configuration hadoop;
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
    String folder = record.evidence().folders().getOrDefault(when, "evaluation/" + when);
    String summaryFile = folder + "/summary.json";
    String rowsFile = folder + "/rows.parquet";
    JsonNode document = Documents.read(directory.fileSystem(), directory.below(summaryFile));
    EvaluationSummary summary = EvaluationSummary.fromJson(document);
    if (!deleted.contains(rowsFile)) {
      List<EvaluationRow> found = checkedRows(rowsFile);
      rows += found.size();
      Difference.requireJson(
          summaryFile, document, EvaluationSummary.of(found, summary.seed()).toJson());
      if (!when.startsWith(Gate.UNSEEN)) {
        examples(when, found);
      }
    }
    EvaluationFigures states = summary.states();
    figures += states.measured().size();
    return states;
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
  private static void rows(String file, List<EvaluationRow> chunk, List<EvaluationRow> found) {
    List<EvaluationRow> computed = chunk.parallelStream().map(RecomputedRow::of).toList();
    for (int i = 0; i < chunk.size(); i++) {
      EvaluationRow row = chunk.get(i);
      if (!row.metrics().equals(computed.get(i).metrics())) {
        row(file, row, computed.get(i));
      }
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

  /** The rows that the record shows have the figures of the evaluation. */
  private void examples(String when, List<EvaluationRow> found) {
    Map<String, EvaluationRow> byName = new HashMap<>();
    found.forEach(row -> byName.put(row.set() + "/" + row.id(), row));
    for (ExampleRow example : record.examples()) {
      String name = example.set() + "/" + example.id();
      EvaluationRow row = byName.get(name);
      Difference.requireMaps(
          "record.json",
          "examples." + name + "." + when,
          when.equals("before") ? example.before() : example.after(),
          row == null ? new TreeMap<>() : figures(row));
    }
  }

  long rows() {
    return rows;
  }

  long figures() {
    return figures;
  }
}
