package org.lethe.jobs;

import java.util.List;
import java.util.Locale;
import org.lethe.report.FigureWords;
import org.lethe.run.ErasureRecord;

/** The before/after table at the end of a run, in words that need no documentation. */
final class FigureTable {
  private static final List<FigureWords> ROWS =
      List.of(
          FigureWords.ROUGE_L_RECALL,
          FigureWords.EXACT_MATCH,
          FigureWords.PROBABILITY,
          FigureWords.LOSS);

  private FigureTable() {}

  static void print(Terminal terminal, ErasureRecord record) {
    terminal.line("");
    set(terminal, record, "forget", "What was to be forgotten", "should fall");
    set(terminal, record, "retain", "What was to be kept", "should stay");
    for (var gate : record.gates()) {
      terminal.line(
          String.format(
              Locale.ROOT,
              "  %s gate: %s %s",
              gate.passed() ? "passed " : "REFUSED",
              gate.figure(),
              gate.bound()));
    }
    terminal.line("");
  }

  private static void set(
      Terminal terminal, ErasureRecord record, String set, String title, String wanted) {
    terminal.line(String.format(Locale.ROOT, "  %-44s %10s %10s", title, "before", "after"));
    for (FigureWords words : ROWS) {
      Double before = record.before().get(set + "." + words.key());
      Double after = record.after().get(set + "." + words.key());
      if (before != null && after != null) {
        String hope =
            words.isShare() ? wanted : set.equals("forget") ? "should rise" : "should stay";
        terminal.line(
            String.format(
                Locale.ROOT,
                "    %-24s %-17s %10s %10s",
                words.label(),
                hope,
                words.shown(before),
                words.shown(after)));
      }
    }
    terminal.line("");
  }
}
