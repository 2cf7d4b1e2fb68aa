package org.lethe.objective.point;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import java.util.SplittableRandom;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.compute.DenseMatrix;
import org.lethe.model.Adapter;

/** The collapse of principal components, against the published form by Commons Math's SVD. */
final class PrincipalCollapseTest {
  @ParameterizedTest
  @CsvSource({"7,12,3", "12,7,3", "9,9,9", "5,40,1", "6,8,512"})
  void equalsThePublishedFormOnBothSides(int rows, int columns, int components) {
    DenseMatrix gradient = random(rows, columns);

    DenseMatrix found = new PrincipalCollapse(components).apply(gradient);

    double[][] expected = published(gradient, components).getData();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        assertThat(found.values()[row * columns + column])
            .isCloseTo(expected[row][column], within(1e-10));
      }
    }
  }

  @Test
  void oneComponentChangesNothing() {
    DenseMatrix gradient = random(6, 9);

    double[] found = new PrincipalCollapse(1).apply(gradient).values();

    assertThat(found).containsExactly(gradient.values(), within(1e-13));
  }

  @Test
  void aGradientOfLowRankHasAsManyComponentsAsItsRank() {
    DenseMatrix lowRank = random(10, 2).times(random(2, 14));

    double[] found = new PrincipalCollapse(8).apply(lowRank).values();

    assertThat(found)
        .containsExactly(new PrincipalCollapse(2).apply(lowRank).values(), within(1e-12));
  }

  @Test
  void aGradientOfZerosStaysZero() {
    DenseMatrix zeros = new DenseMatrix(3, 4, new double[12]);

    assertThat(new PrincipalCollapse(2).apply(zeros).values()).containsOnly(0);
  }

  @Test
  void trainedFactorsAreRejected() {
    Adapter lora = new Adapter.Lora(2, 4, 0, Set.of("q_proj"), 1);

    assertThatThrownBy(() -> new Selected(8, 0.01, 512, 42).check(lora))
        .hasMessage(
            "Invalid lethe.unlearn.forget-gradient.at: selected, expected another point with"
                + " lethe.model.adapter = lora; selected trains factors of its own, so choose"
                + " weights by lethe.model.train");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0.01,512,'Invalid rank: 0, expected at least 1'",
    "8,-1,512,'Invalid rate: -1.0, expected 0 or more'",
    "8,0.01,0,'Invalid components: 0, expected at least 1'"
  })
  void impossibleSettingsAreRejected(int rank, double rate, int components, String message) {
    assertThatThrownBy(() -> new Selected(rank, rate, components, 1)).hasMessage(message);
  }

  /** G less its share along v_i, weighted by 1 - s_q / s_i; then the same along u_i. */
  private static RealMatrix published(DenseMatrix gradient, int components) {
    RealMatrix whole = MatrixUtils.createRealMatrix(gradient.rows(), gradient.columns());
    for (int i = 0; i < gradient.values().length; i++) {
      whole.setEntry(i / gradient.columns(), i % gradient.columns(), gradient.values()[i]);
    }
    SingularValueDecomposition svd = new SingularValueDecomposition(whole);
    int kept = Math.min(components, svd.getSingularValues().length);
    double smallest = svd.getSingularValues()[kept - 1];
    RealMatrix result = whole;
    for (int i = 0; i < kept; i++) {
      double removed = 1 - smallest / svd.getSingularValues()[i];
      RealMatrix v = svd.getV().getColumnMatrix(i);
      result = result.subtract(result.multiply(v).multiply(v.transpose()).scalarMultiply(removed));
    }
    for (int i = 0; i < kept; i++) {
      double removed = 1 - smallest / svd.getSingularValues()[i];
      RealMatrix u = svd.getU().getColumnMatrix(i);
      result = result.subtract(u.multiply(u.transpose()).multiply(result).scalarMultiply(removed));
    }
    return result;
  }

  private static DenseMatrix random(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(31L * rows + columns);
    double[] values = new double[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextDouble() - 1;
    }
    return new DenseMatrix(rows, columns, values);
  }
}
