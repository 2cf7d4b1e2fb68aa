package org.lethe.jobs.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.report.FigureText;

/** Figures of each request's forget set after each request, as lines for a terminal. */
final class SequenceTable {
  private static final int WIDTH = 12;

  private SequenceTable() {}

  /** One row per request; empty without figures. */
  static List<String> lines(List<AnsweredRequest> answered) {
    for (FigureText words : List.of(FigureText.ROUGE_L_RECALL, FigureText.PROBABILITY)) {
      if (isShown(answered.get(0).artifacts().figures("after"), words)) {
        return lines(answered, words);
      }
    }
    return List.of();
  }

  private static List<String> lines(List<AnsweredRequest> answered, FigureText words) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    StringBuilder head =
        new StringBuilder(String.format(Locale.ROOT, "  %-24s %12s", "TO BE FORGOTTEN", "before"));
    answered.forEach(one -> head.append(cell("after " + one.id())));
    lines.add(head.toString());
    for (int i = 0; i < answered.size(); i++) {
      AnsweredRequest one = answered.get(i);
      StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "  %-24s", one.id()));
      row.append(shown(words, one, "before"));
      for (int j = 0; j < answered.size(); j++) {
        row.append(
            j < i
                ? cell("")
                : shown(words, answered.get(j), j == i ? "after" : one.laterEvaluation()));
      }
      lines.add(row.toString());
    }
    lines.add("");
    lines.add(String.format(Locale.ROOT, "  %s: %s", words.label(), words.meaning()));
    lines.add("  before: when the request was begun, so after all requests above it");
    return lines;
  }

  private static boolean isShown(EvaluationFigures figures, FigureText words) {
    String name = "forget." + words.key();
    return figures.mean(name).isPresent() || figures.notMeasured().containsKey(name);
  }

  private static String shown(FigureText words, AnsweredRequest where, String when) {
    return cell(
        where
            .artifacts()
            .figures(when)
            .mean("forget." + words.key())
            .map(words::shown)
            .orElse(FigureText.NOT_MEASURED));
  }

  private static String cell(String text) {
    String cut = text.length() > WIDTH ? text.substring(0, WIDTH - 1) + "…" : text;
    return String.format(Locale.ROOT, " %" + WIDTH + "s", cut);
  }
}
