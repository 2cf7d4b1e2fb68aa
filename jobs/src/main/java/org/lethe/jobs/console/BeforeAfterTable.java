package org.lethe.jobs.console;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.report.FigureText;

/** Figures before and after unlearning, as lines for a terminal. */
public final class BeforeAfterTable {
  private static final FigureText[] SHOWN = {
    FigureText.ROUGE_L_RECALL,
    FigureText.EXACT_MATCH,
    FigureText.PROBABILITY,
    FigureText.LOSS,
    FigureText.BLANK,
    FigureText.REPETITION,
    FigureText.CUT
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
   * The table; empty if there are no figures after unlearning.
   *
   * @param before figures before unlearning
   * @param after the same after unlearning
   */
  public static List<String> lines(EvaluationFigures before, EvaluationFigures after) {
    List<String> lines = new ArrayList<>();
    Set<FigureText> used = new LinkedHashSet<>();
    for (String set : TITLES.keySet()) {
      List<String> rows = new ArrayList<>();
      for (FigureText words : SHOWN) {
        String name = set + "." + words.key();
        if (isKnown(before, name) && isKnown(after, name)) {
          rows.add(row(set, words, shown(before, name, words), shown(after, name, words)));
          reasons(name, before, after).forEach(why -> rows.add("    " + why));
          used.add(words);
        }
      }
      if (!rows.isEmpty()) {
        lines.add("");
        lines.add(
            String.format(
                Locale.ROOT, "  %-26s %12s %12s   good is", TITLES.get(set), "before", "after"));
        lines.addAll(rows);
      }
    }
    lines.add("");
    used.forEach(
        words -> lines.add(String.format(Locale.ROOT, "  %s: %s", words.label(), words.meaning())));
    return used.isEmpty() ? List.of() : lines;
  }

  private static boolean isKnown(EvaluationFigures figures, String name) {
    return figures.mean(name).isPresent() || figures.notMeasured().containsKey(name);
  }

  private static String shown(EvaluationFigures figures, String name, FigureText words) {
    return figures.mean(name).map(words::shown).orElse(FigureText.NOT_MEASURED);
  }

  private static Set<String> reasons(
      String name, EvaluationFigures before, EvaluationFigures after) {
    Set<String> reasons = new LinkedHashSet<>();
    for (EvaluationFigures figures : List.of(before, after)) {
      if (figures.notMeasured().containsKey(name)) {
        reasons.add(FigureText.NOT_MEASURED + ": " + figures.reason(name));
      }
    }
    return reasons;
  }

  private static String row(String set, FigureText words, String was, String is) {
    return String.format(
        Locale.ROOT,
        "  %-26s %12s %12s   %s",
        words.label(),
        was,
        is,
        words.isLowerBetter(set) ? "lower" : "higher");
  }
}
