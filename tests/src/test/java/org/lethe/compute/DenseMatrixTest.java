package org.lethe.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class DenseMatrixTest {
  private static final DenseMatrix A = new DenseMatrix(2, 3, new double[] {1, 2, 3, 4, 5, 6});

  @Test
  void productsAreThoseOfTheDefinition() {
    DenseMatrix b = new DenseMatrix(3, 2, new double[] {1, 0, 2, 1, 0, 3});

    assertThat(A.times(b).values()).containsExactly(5, 11, 14, 23);
    assertThat(A.timesTransposed(A).values()).containsExactly(14, 32, 32, 77);
    assertThat(A.transposedTimes(A).values()).containsExactly(17, 22, 27, 22, 29, 36, 27, 36, 45);
  }

  @Test
  void eigenvectorsDiagonaliseASymmetricMatrix() {
    DenseMatrix symmetric = A.transposedTimes(A);

    DenseMatrix.Eigen eigen = symmetric.eigen();

    DenseMatrix vectors = eigen.vectors();
    double[] diagonal = vectors.transposedTimes(symmetric.times(vectors)).values();
    for (int i = 0; i < 3; i++) {
      assertThat(diagonal[4 * i]).isCloseTo(eigen.values()[i], within(1e-12));
    }
    assertThat(vectors.transposedTimes(vectors).values())
        .containsExactly(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, within(1e-14));
    // The trace and the rank of A^T A.
    assertThat(eigen.values()[0]).isCloseTo(0, within(1e-13));
    assertThat(eigen.values()[1] + eigen.values()[2]).isCloseTo(91, within(1e-12));
  }

  @Test
  void extentsThatDoNotFitAreRejected() {
    assertThatThrownBy(() -> A.times(A)).hasMessage("Invalid factors: their inner extents differ");
    assertThatThrownBy(() -> new DenseMatrix(2, 2, new double[3]))
        .hasMessage("Invalid matrix: 3 values, expected 2 x 2");
  }
}
