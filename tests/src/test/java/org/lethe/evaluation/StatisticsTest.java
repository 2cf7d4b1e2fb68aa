package org.lethe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares with scikit-learn, scipy and numpy, see tests/parity/make_statistics_golden.py. */
final class StatisticsTest {
  private static final JsonNode GOLDEN = Golden.document("statistics.json");

  @Test
  void areaUnderCurveEqualsScikitLearnWithAndWithoutTies() {
    for (JsonNode one : GOLDEN.get("auc")) {
      double[] positives = Golden.doubles(one.get("positives"));
      double[] negatives = Golden.doubles(one.get("negatives"));
      assertThat(AreaUnderCurve.of(positives, negatives))
          .isCloseTo(one.get("auc").doubleValue(), within(1e-12));
      assertThat(AreaUnderCurve.of(negatives, positives))
          .isCloseTo(1 - one.get("auc").doubleValue(), within(1e-12));
    }
  }

  @Test
  void areaUnderCurveRejectsEmptyAndNaN() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AreaUnderCurve.of(new double[0], new double[] {1}))
        .withMessage("Invalid samples: 0 positives and 1 negatives, expected at least one of each");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AreaUnderCurve.of(new double[] {Double.NaN}, new double[] {1}))
        .withMessage("Invalid score: NaN");
  }

  @Test
  void kolmogorovSmirnovEqualsScipysExactTest() {
    for (JsonNode one : GOLDEN.get("ks")) {
      KolmogorovSmirnov.Result result =
          KolmogorovSmirnov.test(
              Golden.doubles(one.get("first")), Golden.doubles(one.get("second")));
      assertThat(result.statistic()).isCloseTo(one.get("statistic").doubleValue(), within(1e-12));
      assertThat(result.pValue()).isCloseTo(one.get("p").doubleValue(), withinPercentage(1e-8));
    }
  }

  /** 2 / C(2n, n), as in published tables. */
  @ParameterizedTest
  @CsvSource({"40, 1.86e-23", "200, 1.94e-119", "400, 1.06e-239"})
  void fullySeparatedSamplesHaveThePublishedProbability(int n, double expected) {
    double[] low = IntStream.range(0, n).asDoubleStream().toArray();
    double[] high = Arrays.stream(low).map(v -> v + n).toArray();
    KolmogorovSmirnov.Result result = KolmogorovSmirnov.test(low, high);
    assertThat(result.statistic()).isEqualTo(1);
    assertThat(result.pValue()).isCloseTo(expected, withinPercentage(0.5));
    double exact = 2;
    for (int i = 1; i <= n; i++) {
      exact *= (double) i / (n + i);
    }
    assertThat(result.pValue()).isCloseTo(exact, withinPercentage(1e-8));
  }

  @Test
  void minKAndMinKPlusPlusEqualNumpy() {
    for (JsonNode one : GOLDEN.get("tokens")) {
      double[] losses = Golden.doubles(one.get("losses"));
      double[] standardised = new double[losses.length];
      for (int t = 0; t < losses.length; t++) {
        double[] logits = Golden.doubles(one.get("logits").get(t));
        standardised[t] =
            Membership.standardised(logSoftmax(logits), one.get("targets").get(t).intValue());
      }
      for (double share : new double[] {0.2, 0.4, 1.0}) {
        assertThat(Membership.minK(losses, share))
            .isCloseTo(one.get("mink").get(String.valueOf(share)).doubleValue(), within(1e-9));
        assertThat(Membership.minKPlusPlus(standardised, share))
            .isCloseTo(one.get("minkpp").get(String.valueOf(share)).doubleValue(), within(1e-9));
      }
    }
  }

  @Test
  void memorisationAndExtractionStrengthEqualNumpy() {
    for (JsonNode one : GOLDEN.get("tokens")) {
      boolean[] hits = new boolean[one.get("targets").size()];
      for (int t = 0; t < hits.length; t++) {
        double[] logits = Golden.doubles(one.get("logits").get(t));
        double largest = Arrays.stream(logits).max().orElseThrow();
        hits[t] = logits[one.get("targets").get(t).intValue()] == largest;
      }
      assertThat(Memorisation.exactMemorisation(hits))
          .isEqualTo(one.get("memorisation").doubleValue());
      assertThat(Memorisation.extractionStrength(hits))
          .isEqualTo(one.get("extraction").doubleValue());
    }
  }

  @Test
  void extractionStrengthHasAFloor() {
    assertThat(Memorisation.extractionStrength(new boolean[] {true, true, true})).isEqualTo(1);
    assertThat(Memorisation.extractionStrength(new boolean[] {false, true, true, true}))
        .isEqualTo(0.75);
    assertThat(Memorisation.extractionStrength(new boolean[] {true, true, true, false}))
        .isEqualTo(0.25);
    assertThat(Memorisation.extractionStrength(new boolean[0])).isZero();
    assertThat(Memorisation.exactMemorisation(new boolean[0])).isZero();
  }

  @Test
  void zlibDividesByPythonsCompressedLength() {
    for (JsonNode one : GOLDEN.get("zlib")) {
      assertThat(Membership.zlib(1, one.get("text").textValue()))
          .isEqualTo(1.0 / one.get("bytes").intValue());
    }
  }

  @Test
  void harmonicMeanEqualsScipyAndIsZeroWithAZero() {
    List<Double> values =
        Arrays.stream(Golden.doubles(GOLDEN.get("harmonic").get("values"))).boxed().toList();
    assertThat(HarmonicMean.of(values))
        .isCloseTo(GOLDEN.get("harmonic").get("mean").doubleValue(), within(1e-12));
    assertThat(HarmonicMean.of(List.of(1.0, 0.0, 0.5))).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HarmonicMean.of(List.of(-0.1)))
        .withMessage("Invalid value: -0.1, expected at least 0");
  }

  @Test
  void truthRatioHasThreeFunctions() {
    double ratio = TruthRatio.of(2.0, new double[] {1.0, 2.0, 3.0, 2.0 + Math.log(2) * 4});
    assertThat(ratio).isCloseTo(0.5, within(1e-12));
    assertThat(TruthRatio.closeness(ratio)).isCloseTo(0.5, within(1e-12));
    assertThat(TruthRatio.closeness(1 / ratio)).isCloseTo(0.5, within(1e-12));
    assertThat(TruthRatio.preference(ratio)).isCloseTo(0.5, within(1e-12));
    assertThat(TruthRatio.preference(2)).isZero();
    assertThat(TruthRatio.share(ratio)).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(TruthRatio.guarded(1000, new double[] {1})).isFinite();
  }

  @Test
  void probabilityIsNormalisedByLengthAndOverAnswers() {
    double loss = AnswerLikelihood.meanLoss(new double[] {Math.log(2), Math.log(8)});
    assertThat(AnswerLikelihood.probability(loss)).isCloseTo(0.25, within(1e-12));
    assertThat(AnswerLikelihood.normalisedProbability(loss, new double[] {loss, loss, loss}))
        .isCloseTo(0.25, within(1e-12));
    assertThat(AnswerLikelihood.perplexity(List.of(new double[] {0, Math.log(8)}, new double[1])))
        .isCloseTo(2, within(1e-12));
  }

  private static double[] logSoftmax(double[] logits) {
    double largest = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(v -> Math.exp(v - largest)).sum();
    return Arrays.stream(logits).map(v -> v - largest - Math.log(sum)).toArray();
  }
}
