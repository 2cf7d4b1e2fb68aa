package org.lethe.jobs.console;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.report.FigureText;

/** Figures before and after unlearning, as lines for a terminal. */
public final class BeforeAfterTable {
  private static final FigureText[] SHOWN = {
    FigureText.ROUGE_L_RECALL,
    FigureText.EXACT_MATCH,
    FigureText.PROBABILITY,
    FigureText.LOSS,
    FigureText.BLANK,
    FigureText.REPETITION
  };

  /** Titles of the sets that are shown, in this order. */
  private static final SortedMap<String, String> TITLES =
      new TreeMap<>(
          Map.of(
              "forget", "TO BE FORGOTTEN",
              "retain", "TO BE KEPT",
              "true-forget", "TRUE SET TO BE FORGOTTEN",
              "true-retain", "TRUE SET TO BE KEPT"));

  private BeforeAfterTable() {}

  /**
   * The table; empty if no figure was measured both before and after.
   *
   * @param before figures by dotted name
   * @param after the same after unlearning
   */
  public static List<String> lines(Map<String, Double> before, Map<String, Double> after) {
    List<String> lines = new ArrayList<>();
    Set<FigureText> used = new LinkedHashSet<>();
    for (String set : TITLES.keySet()) {
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
            String.format(
                Locale.ROOT, "  %-26s %9s %9s   good is", TITLES.get(set), "before", "after"));
        lines.addAll(rows);
      }
    }
    lines.add("");
    used.forEach(
        words -> lines.add(String.format(Locale.ROOT, "  %s: %s", words.label(), words.meaning())));
    return used.isEmpty() ? List.of() : lines;
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
