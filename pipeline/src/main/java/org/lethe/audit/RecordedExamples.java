package org.lethe.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.run.ErasureRecord.ExampleRow;

/** The example rows of a run in the form in which a record holds them: figures, never text. */
public final class RecordedExamples {
  private RecordedExamples() {}

  /**
   * Returns the first rows of the forget set by id, and one of the retain set to compare with.
   *
   * @param before rows of the evaluation before unlearning
   * @param after rows of the evaluation after it, in the order of the file
   * @param wanted number of rows
   */
  public static List<ExampleRow> of(
      List<EvaluationRow> before, List<EvaluationRow> after, int wanted) {
    Map<String, EvaluationRow> byName = new HashMap<>();
    before.forEach(row -> byName.put(name(row), row));
    List<ExampleRow> examples = new ArrayList<>();
    int ofRetain = wanted > 1 ? 1 : 0;
    int ofForget = wanted - ofRetain;
    for (EvaluationRow row : after) {
      boolean forget = row.set().equals(CorpusSet.FORGET.label());
      EvaluationRow was = byName.get(name(row));
      if (was == null || (forget ? ofForget-- <= 0 : ofRetain-- <= 0)) {
        continue;
      }
      examples.add(new ExampleRow(row.id(), row.set(), figures(was), figures(row)));
    }
    return examples;
  }

  /** Fails at the first example that differs. */
  static void check(List<ExampleRow> recorded, List<ExampleRow> found) {
    Difference.require("record.json", "examples", names(recorded), names(found));
    for (int i = 0; i < found.size(); i++) {
      String field = "examples." + names(found).get(i);
      Difference.requireMaps(
          "record.json", field + ".before", recorded.get(i).before(), found.get(i).before());
      Difference.requireMaps(
          "record.json", field + ".after", recorded.get(i).after(), found.get(i).after());
    }
  }

  private static List<String> names(List<ExampleRow> examples) {
    return examples.stream().map(example -> example.set() + "/" + example.id()).toList();
  }

  private static String name(EvaluationRow row) {
    return row.set() + "/" + row.id();
  }

  private static SortedMap<String, Double> figures(EvaluationRow row) {
    SortedMap<String, Double> figures = new TreeMap<>();
    row.metrics().forEach((metric, value) -> figures.put(metric.key(), value));
    return figures;
  }
}
