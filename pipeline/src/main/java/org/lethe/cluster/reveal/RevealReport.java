package org.lethe.cluster.reveal;

import java.util.List;
import java.util.SortedMap;
import org.lethe.cluster.reveal.RevealStep.Trial;
import org.lethe.reveal.filter.ClaimCounts;
import org.lethe.reveal.filter.FilterReport;
import org.lethe.reveal.search.SearchSettings.Strategy;

/**
 * Contents of {@code revealed/report.json}: the search for instructions and the fate of the
 * responses. Holds counts, names of arms and ids, and no text.
 *
 * @param format version of this document
 * @param strategy strategy of the search
 * @param cards reports of the subjects to forget
 * @param neighbours reports of the subjects to keep
 */
public record RevealReport(
    int format, Strategy strategy, List<CardReport> cards, List<CardReport> neighbours) {
  /** Current format. */
  public static final int FORMAT = 1;

  /** Name of the file in its folder. */
  public static final String FILE = "report.json";

  /**
   * Report of one card.
   *
   * @param card id of the card
   * @param arms number of arms
   * @param pulls arms tried, in order, with their rewards
   * @param best harvested arms, best first
   * @param prompts prompts used
   * @param tokens tokens generated
   * @param vendi Vendi score of the accepted texts after each block
   * @param searchEnd reason why the search ended, or empty
   * @param end reason why prompting ended, or empty
   * @param filters counts of kept and dropped responses
   * @param claims claims of the answers about each attribute
   * @param facts facts found in the kept responses
   * @param heldOutFacts facts kept out of training
   * @param heldOutBelow bound that selected the held-out facts
   * @param rows rows for training
   * @param heldOutRows rows for evaluation
   */
  public record CardReport(
      String card,
      int arms,
      List<Trial> pulls,
      List<Integer> best,
      long prompts,
      long tokens,
      List<Double> vendi,
      String searchEnd,
      String end,
      FilterCounts filters,
      List<ClaimCounts> claims,
      int facts,
      int heldOutFacts,
      double heldOutBelow,
      int rows,
      int heldOutRows) {
    public CardReport {
      pulls = List.copyOf(pulls);
      best = List.copyOf(best);
      vendi = List.copyOf(vendi);
      claims = List.copyOf(claims);
    }
  }

  /**
   * Counts of kept and dropped responses.
   *
   * @param responses all responses
   * @param kept kept responses
   * @param dropped dropped responses by reason
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
