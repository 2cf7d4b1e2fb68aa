package org.lethe.cluster.reveal;

import java.util.List;
import java.util.SortedMap;
import org.lethe.cluster.reveal.RevealStep.Ask;
import org.lethe.reveal.filter.FilterReport;
import org.lethe.reveal.search.SearchSettings.Strategy;

/**
 * {@code revealed/report.json}: how the instructions were found and what became of the responses.
 * It holds counts, names of arms and ids, and no text.
 *
 * @param format version of this document
 * @param strategy of the search
 * @param cards what was to be forgotten
 * @param neighbours what was to be kept
 */
public record RevealReport(
    int format, Strategy strategy, List<CardReport> cards, List<CardReport> neighbours) {
  /** The current format. */
  public static final int FORMAT = 1;

  /** The file, relative to the folder. */
  public static final String FILE = "report.json";

  /**
   * One card.
   *
   * @param card its id
   * @param arms how many ways to ask there were
   * @param pulls arms tried, in order, with their rewards
   * @param best arms that were harvested, best first
   * @param prompts asked
   * @param tokens generated
   * @param vendi Vendi score of the accepted texts after each block of them
   * @param searchEnd why the search ended, or empty
   * @param end why nothing more was asked, or empty
   * @param filters what was dropped
   * @param facts found in what was kept
   * @param heldOutFacts of these kept out of training
   * @param heldOutBelow the bound by which they were chosen
   * @param rows to train on
   * @param heldOutRows to measure with
   */
  public record CardReport(
      String card,
      int arms,
      List<Ask> pulls,
      List<Integer> best,
      long prompts,
      long tokens,
      List<Double> vendi,
      String searchEnd,
      String end,
      FilterCounts filters,
      int facts,
      int heldOutFacts,
      double heldOutBelow,
      int rows,
      int heldOutRows) {
    public CardReport {
      pulls = List.copyOf(pulls);
      best = List.copyOf(best);
      vendi = List.copyOf(vendi);
    }
  }

  /**
   * What became of the responses.
   *
   * @param responses how many there were
   * @param kept how many were kept
   * @param dropped how many were dropped, by reason
   */
  public record FilterCounts(int responses, int kept, SortedMap<String, Integer> dropped) {
    static FilterCounts of(FilterReport report) {
      SortedMap<String, Integer> dropped = new java.util.TreeMap<>();
      report.dropped().forEach((reason, count) -> dropped.put(reason.key(), count));
      return new FilterCounts(report.responses(), report.kept(), dropped);
    }
  }

  public RevealReport {
    cards = List.copyOf(cards);
    neighbours = List.copyOf(neighbours);
  }
}
