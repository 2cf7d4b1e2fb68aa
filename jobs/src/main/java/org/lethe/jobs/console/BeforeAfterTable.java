package org.lethe.jobs.console;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.lethe.report.FigureText;

/** What was forgotten and what was kept, as lines for a terminal. */
public final class BeforeAfterTable {
  private static final FigureText[] SHOWN = {
    FigureText.ROUGE_L_RECALL,
    FigureText.EXACT_MATCH,
    FigureText.PROBABILITY,
    FigureText.LOSS,
    FigureText.BLANK,
    FigureText.REPETITION
  };

  private BeforeAfterTable() {}

  /**
   * The table; empty if nothing was measured on both sides.
   *
   * @param before figures by dotted name
   * @param after the same after unlearning
   */
  public static List<String> lines(Map<String, Double> before, Map<String, Double> after) {
    List<String> lines = new ArrayList<>();
    Set<FigureText> used = new LinkedHashSet<>();
    for (String set : List.of("forget", "retain", "true-forget", "true-retain")) {
      List<String> rows = new ArrayList<>();
      for (FigureText words : SHOWN) {
        Double was = before.get(set + "." + words.key());
        Double is = after.get(set + "." + words.key());
        if (was != null && is != null) {
          rows.add(row(set, words, was, is));
          used.add(words);
        }
      }
      if (!rows.isEmpty()) {
        lines.add("");
        lines.add(
            String.format(Locale.ROOT, "  %-26s %9s %9s   good is", title(set), "before", "after"));
        lines.addAll(rows);
      }
    }
    lines.add("");
    used.forEach(
        words -> lines.add(String.format(Locale.ROOT, "  %s: %s", words.label(), words.meaning())));
    return used.isEmpty() ? List.of() : lines;
  }

  private static String title(String set) {
    return switch (set) {
      case "forget" -> "TO BE FORGOTTEN";
      case "retain" -> "TO BE KEPT";
      case "true-forget" -> "TRUE SET TO BE FORGOTTEN";
      default -> "TRUE SET TO BE KEPT";
    };
  }

  private static String row(String set, FigureText words, double was, double is) {
    return String.format(
        Locale.ROOT,
        "  %-26s %9s %9s   %s",
        words.label(),
        words.shown(was),
        words.shown(is),
        words.isLowerBetter(set) ? "lower" : "higher");
  }
}
