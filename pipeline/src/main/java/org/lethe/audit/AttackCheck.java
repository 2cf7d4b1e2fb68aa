package org.lethe.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.AttackRows;
import org.lethe.error.EvidenceErrors;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.attack.AttackRow;
import org.lethe.evaluation.attack.AttackSummary;
import org.lethe.evaluation.attack.Attacks;
import org.lethe.evaluation.attack.RecomputedAttackRow;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;

/** Computes the figures of attacks again: those of each row, and those of the summary. */
final class AttackCheck {
  private static final String SEED = "lethe.evaluate.seed";
  private static final String AREA = "lethe.evaluate.attacks.reference-area";

  private final RunDirectory directory;
  private final ErasureRecord record;
  private final DeletedFiles deleted;
  private final Configuration hadoop;
  private final Map<String, SortedMap<String, Long>> attempts = new HashMap<>();
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
    setting(summaryFile, "seed", SEED, summary.seed());
    setting(summaryFile, "reference_area", AREA, summary.referenceArea());
    if (!deleted.contains(rowsFile)) {
      List<AttackRow> found = AttackRows.read(directory.below(rowsFile), hadoop);
      found.forEach(row -> row(rowsFile, row));
      rows += found.size();
      attempts.put(name, names(found));
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

  /**
   * Fails if the model before unlearning was attacked in other ways than the one after it. Only the
   * latter is compared with the initial model.
   */
  void sameAttempts() {
    String before = "attacks-before";
    String after = "attacks-after";
    if (attempts.containsKey(before) && attempts.containsKey(after)) {
      SortedMap<String, Long> comparable = new TreeMap<>(attempts.get(after));
      comparable.keySet().removeIf(name -> name.startsWith(Attacks.DIVERGENCE + "/"));
      Difference.requireMaps(
          record.evidence().folders().get(after) + "/rows.parquet",
          "tokens of attempt",
          attempts.get(before),
          comparable);
    }
  }

  private static SortedMap<String, Long> names(List<AttackRow> found) {
    SortedMap<String, Long> names = new TreeMap<>();
    found.forEach(row -> names.put(name(row), row.tokens()));
    return names;
  }

  private static String name(AttackRow row) {
    return row.attack() + "/" + row.variant() + "/" + row.set() + "/" + row.id();
  }

  /** A setting of the figures is that of the configuration. */
  private void setting(String file, String field, String key, double used) {
    String configured = record.configuration().getOrDefault(key, "nothing");
    try {
      Difference.requireNumber(file, field, Double.parseDouble(configured), used);
    } catch (NumberFormatException e) {
      throw EvidenceErrors.differs(file, field, configured, String.valueOf(used));
    }
  }

  private static void row(String file, AttackRow row) {
    Difference.requireMaps(
        file,
        "row " + name(row),
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
