package org.lethe.corpus.find;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lethe.corpus.find.FindReport.SubjectReport;

/** Numbers of found rows, and the ids of the first ones of each subject. */
final class Totals implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int MOST_EXAMPLES = 20;

  private long rows;
  private long nearDuplicates;
  private final Map<Integer, Long> bySubject = new HashMap<>();
  private final Map<Integer, TreeMap<Long, String>> examples = new HashMap<>();

  void add(FoundRow row) {
    rows++;
    nearDuplicates += row.nearDuplicate() ? 1 : 0;
    for (int subject : row.subjects()) {
      bySubject.merge(subject, 1L, Long::sum);
      addExamples(subject, Map.of(row.place(), row.row().id()));
    }
  }

  private void addExamples(int subject, Map<Long, String> ids) {
    TreeMap<Long, String> first = examples.computeIfAbsent(subject, s -> new TreeMap<>());
    first.putAll(ids);
    while (first.size() > MOST_EXAMPLES) {
      first.pollLastEntry();
    }
  }

  /** Adds other totals to these, and returns these. */
  Totals plus(Totals other) {
    rows += other.rows;
    nearDuplicates += other.nearDuplicates;
    other.bySubject.forEach((subject, found) -> bySubject.merge(subject, found, Long::sum));
    other.examples.forEach(this::addExamples);
    return this;
  }

  long rows() {
    return rows;
  }

  /** Number of rows that nearly repeat a given row. */
  long nearDuplicates() {
    return nearDuplicates;
  }

  List<SubjectReport> reports(List<Subject> subjects) {
    List<SubjectReport> reports = new ArrayList<>();
    for (int i = 0; i < subjects.size(); i++) {
      reports.add(
          new SubjectReport(
              subjects.get(i).id(),
              bySubject.getOrDefault(i, 0L),
              List.copyOf(examples.getOrDefault(i, new TreeMap<>()).values())));
    }
    return reports;
  }
}
