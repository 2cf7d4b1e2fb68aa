package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.lethe.error.EvaluationErrors;

/**
 * TOFU's scores (arXiv 2401.06121, section 2.2) from its rows.
 *
 * @param parts the three means of each set
 * @param modelUtility harmonic mean of the nine parts of retain, real authors and world facts
 */
public record TofuScores(Map<TofuSet, Parts> parts, double modelUtility) {

  /**
   * The means over one set.
   *
   * @param probability of {@link TofuRow#probability}
   * @param rougeRecall of ROUGE-L recall
   * @param truth of {@link TofuRow#truth}
   * @param count rows
   */
  public record Parts(double probability, double rougeRecall, double truth, long count) {}

  /**
   * Scores of one model.
   *
   * @throws org.lethe.error.LetheException INPUT if a set has no rows
   */
  public static TofuScores of(Collection<TofuRow> rows) {
    Map<TofuSet, Parts> parts = new EnumMap<>(TofuSet.class);
    List<Double> utility = new ArrayList<>();
    for (TofuSet set : TofuSet.values()) {
      List<TofuRow> members = members(rows, set);
      Parts means =
          new Parts(
              mean(members, TofuRow::probability),
              mean(members, TofuRow::rougeRecall),
              mean(members, TofuRow::truth),
              members.size());
      parts.put(set, means);
      if (set != TofuSet.FORGET) {
        utility.addAll(List.of(means.probability, means.rougeRecall, means.truth));
      }
    }
    return new TofuScores(parts, HarmonicMean.of(utility));
  }

  /**
   * Forget quality: the test of the forget set's truth ratios of an unlearned model against those
   * of a model that never saw the forget set. Its p-value is near 1 where the two cannot be told
   * apart.
   *
   * @throws org.lethe.error.LetheException INPUT if either has no forget rows
   */
  public static KolmogorovSmirnov.Result forgetQuality(
      Collection<TofuRow> unlearned, Collection<TofuRow> retrained) {
    return KolmogorovSmirnov.test(truthRatios(unlearned), truthRatios(retrained));
  }

  private static double[] truthRatios(Collection<TofuRow> rows) {
    return members(rows, TofuSet.FORGET).stream().mapToDouble(TofuRow::truthRatio).toArray();
  }

  private static List<TofuRow> members(Collection<TofuRow> rows, TofuSet set) {
    List<TofuRow> members = rows.stream().filter(row -> row.set() == set).toList();
    if (members.isEmpty()) {
      throw EvaluationErrors.noRows("TOFU set " + set.key());
    }
    return members;
  }

  private static double mean(List<TofuRow> rows, ToDoubleFunction<TofuRow> figure) {
    return rows.stream().mapToDouble(figure).average().orElseThrow();
  }
}
