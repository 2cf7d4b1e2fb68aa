package org.lethe.model.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lethe.model.arithmetic.ModuleArithmetic.Modules;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Compares with numpy (tests/parity/make_subtraction_golden.py) and checks invariants. */
final class ModuleArithmeticTest {
  private static final INDArray WEIGHT = formula(4, 6, 1);
  private static final INDArray FORGET = formula(4, 2, 3).mmul(formula(2, 6, 2)).muli(2);
  private static final INDArray RETAIN = formula(4, 2, 5).mmul(formula(2, 6, 4)).muli(2);

  /** The script's matrices. */
  private static INDArray formula(int rows, int columns, int k) {
    INDArray matrix = Nd4j.create(DataType.DOUBLE, rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double value =
            Math.sin(1.7 * i + 0.9 * j * j + k) * 0.5 + Math.cos(0.3 * i * j + 2.0 * k) * 0.25;
        matrix.putScalar(i, j, Math.rint(value * 1e6) / 1e6);
      }
    }
    return matrix;
  }

  private static void assertEqual(INDArray found, double... expected) {
    assertThat(found.dup('c').data().asDouble()).containsExactly(expected, offset(1e-9));
  }

  @Test
  void plainSubtractionSubtractsProducts() {
    assertEqual(
        new ModuleArithmetic.Plain()
            .apply(WEIGHT, new Modules(FORGET, Optional.of(RETAIN), 0.3, 0.2)),
        PLAIN);
  }

  @Test
  void extractionBeforeSubtractionAgreesWithNumpy() {
    assertEqual(
        new ModuleArithmetic.ExtractionBeforeSubtraction()
            .apply(WEIGHT, new Modules(FORGET, Optional.of(RETAIN), 0.3, 0.2)),
        EXTSUB);
  }

  @Test
  void ethosAgreesWithNumpy() {
    ModuleArithmetic ethos = new ModuleArithmetic.Ethos(0.3);
    assertEqual(ethos.apply(WEIGHT, new Modules(FORGET, Optional.empty(), 0.3, 0)), ETHOS);
    assertEqual(
        ethos.apply(WEIGHT, new Modules(FORGET, Optional.of(RETAIN), 0.3, 0.2)), ETHOSRETAIN);
  }

  @Test
  void ethosWithoutThresholdIsPlainWhereTheWeightIsSquare() {
    INDArray square = formula(5, 5, 7);
    INDArray module = formula(5, 2, 3).mmul(formula(2, 5, 2));
    INDArray plain =
        new ModuleArithmetic.Plain().apply(square, new Modules(module, Optional.empty(), 0.4, 0));
    assertEqual(
        new ModuleArithmetic.Ethos(0).apply(square, new Modules(module, Optional.empty(), 0.4, 0)),
        plain.dup('c').data().asDouble());
  }

  @Test
  void singularDirectionsOfLargeAndTallMatricesReproduceThem() {
    // Ethos fails if the singular directions do not reproduce the weight.
    for (int[] shape : new int[][] {{90, 40}, {40, 90}, {64, 64}, {130, 1}}) {
      Nd4j.getRandom().setSeed(7);
      INDArray weight = Nd4j.rand(DataType.DOUBLE, shape[0], shape[1]).subi(0.5);
      INDArray changed =
          new ModuleArithmetic.Ethos(0.5)
              .apply(weight, new Modules(weight.mul(2), Optional.empty(), 0.5, 0));
      // The weight's components are its singular values; the largest half is subtracted.
      assertThat(changed.norm2Number().doubleValue())
          .isLessThan(weight.norm2Number().doubleValue());
    }
  }

  @Test
  void flippingOneFactorNegatesAModuleAndFlippingBothDoesNot() {
    INDArray a = formula(2, 6, 2);
    INDArray b = formula(4, 2, 3);
    INDArray flipped = b.neg().mmul(a).muli(2);
    ModuleArithmetic plain = new ModuleArithmetic.Plain();
    assertEqual(
        plain.apply(WEIGHT, new Modules(flipped, Optional.empty(), 0.3, 0)),
        WEIGHT.add(FORGET.mul(0.3)).dup('c').data().asDouble());
    assertEqual(b.neg().mmul(a.neg()).muli(2), FORGET.dup('c').data().asDouble());
  }

  @Test
  void theCommonPartOfBothModulesIsNotSubtracted() {
    // Both modules have the same row, so no part of it is perpendicular to their common direction.
    INDArray changed =
        new ModuleArithmetic.ExtractionBeforeSubtraction()
            .apply(WEIGHT, new Modules(FORGET, Optional.of(FORGET), 0.7, 0));
    assertEqual(changed, WEIGHT.dup('c').data().asDouble());
  }

  @Test
  void extractionNeedsTwoModules() {
    assertThat(new ModuleArithmetic.ExtractionBeforeSubtraction().needsRetain()).isTrue();
    assertThatThrownBy(
            () ->
                new ModuleArithmetic.ExtractionBeforeSubtraction()
                    .apply(WEIGHT, new Modules(FORGET, Optional.empty(), 1, 0)))
        .hasMessage("Invalid retain module: none");
    assertThatThrownBy(() -> new ModuleArithmetic.Ethos(1))
        .hasMessage("Invalid threshold: 1.0, expected from 0 to below 1");
  }

  private static final double[] PLAIN = {
    0.3995510804334,
    0.47792475005740004,
    -0.5932050607456001,
    0.15697929146079997,
    0.15680752746000004,
    -0.5705033317252001,
    0.09904563657820001,
    -0.410425752695,
    -0.2801030735152,
    -0.7854048190224,
    -0.7950137265899999,
    -0.2766760309756,
    -0.4934731538876,
    -0.4316563620764,
    0.2133159422372,
    -0.05257360475680002,
    0.04842377724439999,
    0.44120002577240003,
    -0.06446449857460002,
    0.3518549960866,
    -0.2939399394907999,
    0.7778147799652001,
    0.9617825882583999,
    0.08231568316440002
  };

  private static final double[] EXTSUB = {
    0.5079139976523057,
    0.549566638051319,
    -0.6942831155438104,
    0.13502018232948232,
    0.13261318791233154,
    -0.6702793535601057,
    0.042662656615188047,
    -0.3869062822161176,
    -0.2669563368829734,
    -0.7059648686434259,
    -0.7200306227481559,
    -0.283982316121642,
    -0.6280506475336278,
    -0.6646675741282484,
    0.34521669774204056,
    -0.21698651001480826,
    -0.09898831944988701,
    0.6227839027814879,
    0.11102517102416912,
    0.3775568441815619,
    -0.4262782906996131,
    0.6385048775830431,
    0.8343680402360368,
    0.003622418605827654
  };

  private static final double[] ETHOS = {
    0.23368485139270317,
    0.3275018746242795,
    -0.47787312230467605,
    0.11007656176671834,
    0.1079437876825194,
    -0.47006086008720877,
    0.16046765536490926,
    -0.3773623684456418,
    -0.1795073377604929,
    -0.7922373177551604,
    -0.828811237072288,
    -0.23610983091755788,
    -0.45125818968542436,
    -0.415827359740358,
    0.16167046020199588,
    -0.07283730982105274,
    0.034209758855030276,
    0.4204358425408622,
    -0.20955277937975123,
    0.2566650910316943,
    -0.2904927847843398,
    0.7946455807449324,
    1.0007160101437498,
    0.13555337316994553
  };

  private static final double[] ETHOSRETAIN = {
    0.38332245753200395,
    0.437361015145102,
    -0.6118835777290933,
    0.11697126716826317,
    0.12614541656066652,
    -0.566724299635745,
    0.10324962853938568,
    -0.384351750324446,
    -0.2697237560469334,
    -0.7558035264232801,
    -0.7718581082062821,
    -0.28518768396144195,
    -0.46870698241032216,
    -0.44916937603954266,
    0.2172326520346292,
    -0.09138250273466894,
    0.01397794385542872,
    0.47319372837946116,
    -0.035723369676966134,
    0.3716087609347156,
    -0.3077285439679033,
    0.7964918330235577,
    0.9916819010391229,
    0.10685798220138809
  };
}
