package org.lethe.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.ErasureRecord.Later;
import org.lethe.run.ErasureRecord.RequestLine;
import org.lethe.run.Gate;

/** Table of consecutive requests: shows whether forgotten data stays forgotten. */
final class RequestTable {
  /** A rise by more than this share means that forgotten data has come back. */
  private static final double NOTICEABLE = 0.02;

  private final List<RequestLine> requests;
  private final List<String> runs;
  private final FigureText text;

  private RequestTable(List<RequestLine> requests) {
    this.requests = requests;
    this.runs = requests.stream().map(RequestTable::run).distinct().toList();
    this.text =
        requests.stream().allMatch(r -> r.after().containsKey(key(FigureText.ROUGE_L_RECALL)))
            ? FigureText.ROUGE_L_RECALL
            : FigureText.PROBABILITY;
  }

  /** Returns the template's values; empty for a run of one request. */
  static Map<String, Object> of(ErasureRecord record) {
    if (record.requests().isEmpty()) {
      return Map.of();
    }
    RequestTable table = new RequestTable(record.requests());
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("figure", table.text.label());
    model.put("meaning", table.text.meaning());
    model.put("columns", table.runs);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < record.requests().size(); i++) {
      rows.add(table.row(i));
    }
    model.put("rows", rows);
    return model;
  }

  private Map<String, Object> row(int index) {
    RequestLine line = requests.get(index);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", line.id());
    row.put("report", line.record().replaceFirst("record\\.json$", "report.html"));
    row.put("released", line.decision() == Decision.RELEASED);
    long passed = line.gates().stream().filter(Gate.Outcome::passed).count();
    row.put("gates", line.gates().isEmpty() ? "none" : passed + " of " + line.gates().size());
    row.put("before", shown(line.before()));
    List<Map<String, Object>> cells = new ArrayList<>();
    for (int i = 0; i < runs.indexOf(run(line)); i++) {
      cells.add(cell("", "same"));
    }
    cells.add(cell(shown(line.after()), "own"));
    Double own = line.after().get(key(text));
    for (Later later : line.later()) {
      Double now = later.figures().get(key(text));
      // A figure without a value does not show that the data stays forgotten.
      boolean stays = own != null && now != null && now <= own + NOTICEABLE;
      cells.add(cell(shown(later.figures()), stays ? "good" : "bad"));
    }
    row.put("cells", cells);
    return row;
  }

  /** Name of the run of a request: its own id, or that of its batch. */
  private static String run(RequestLine line) {
    return line.record().replaceFirst("/record\\.json$", "").replaceFirst("^.*/", "");
  }

  private String shown(SortedMap<String, Double> figures) {
    Double value = figures.get(key(text));
    return value == null ? FigureText.NOT_MEASURED : text.shown(value);
  }

  private static Map<String, Object> cell(String text, String verdict) {
    return Map.of("text", text, "verdict", verdict);
  }

  private static String key(FigureText text) {
    return "forget." + text.key();
  }
}
