package org.lethe.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.AttackRows;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.attack.AttackRow;
import org.lethe.evaluation.attack.AttackSummary;
import org.lethe.evaluation.attack.RecomputedAttackRow;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;

/** Computes the figures of attacks again: those of each row, and those of the summary. */
final class AttackCheck {
  private final RunDirectory directory;
  private final ErasureRecord record;
  private final DeletedFiles deleted;
  private final Configuration hadoop;
  private long rows;
  private long figures;

  AttackCheck(
      RunDirectory directory, ErasureRecord record, DeletedFiles deleted, Configuration hadoop) {
    this.deleted = deleted;
    this.directory = directory;
    this.record = record;
    this.hadoop = hadoop;
  }

  /** Checks the attacks on one model, if any were tried, and returns their figures. */
  EvaluationFigures check(String when) {
    EvaluationFigures all = EvaluationFigures.NONE;
    for (String attacks : List.of("attacks-", "requested-")) {
      all = all.and(checkFolder(attacks + when));
    }
    return all;
  }

  private EvaluationFigures checkFolder(String name) {
    String folder = record.evidence().folders().get(name);
    if (folder == null) {
      return EvaluationFigures.NONE;
    }
    String summaryFile = folder + "/summary.json";
    String rowsFile = folder + "/rows.parquet";
    JsonNode document = Documents.read(directory.fileSystem(), directory.below(summaryFile));
    AttackSummary summary = AttackSummary.fromJson(document);
    if (!deleted.contains(rowsFile)) {
      List<AttackRow> found = AttackRows.read(directory.below(rowsFile), hadoop);
      found.forEach(row -> row(rowsFile, row));
      rows += found.size();
      AttackSummary computed =
          AttackSummary.of(
              found,
              summary.seed(),
              summary.rows(),
              summary.plannedShare(),
              summary.referenceArea());
      Difference.requireJson(summaryFile, document, computed.toJson());
    }
    figures += summary.figures().measured().size();
    return summary.figures();
  }

  private static void row(String file, AttackRow row) {
    Difference.requireMaps(
        file,
        "row " + row.attack() + "/" + row.variant() + "/" + row.set() + "/" + row.id(),
        RecomputedAttackRow.keyed(row.quantities()),
        RecomputedAttackRow.keyed(RecomputedAttackRow.of(row)));
  }

  long rows() {
    return rows;
  }

  long figures() {
    return figures;
  }
}
