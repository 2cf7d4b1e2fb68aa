package org.lethe.reveal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.reveal.SeededRandom;
import org.lethe.reveal.search.NetworkSettings.Covariance;
import org.lethe.reveal.search.NetworkSettings.Scaling;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Compares the closed forms with the gradients of DL4J's own backward pass. */
final class ExplorationBonusTest {
  private static final int INPUTS = 4;
  private static final int PAST = 7;
  private static final int CANDIDATES = 5;
  private static final double LAMBDA = 0.3;
  private static final double NU = 1.7;

  private final INDArray contexts = contexts();

  @ParameterizedTest
  @EnumSource(Scaling.class)
  void diagonalFormEqualsExplicitGradients(Scaling scaling) {
    RewardNetwork network = network(scaling);
    double[][] gradients = explicit(network);
    double[] covariance = new double[gradients[0].length];
    Arrays.fill(covariance, LAMBDA);
    for (int t = 0; t < PAST; t++) {
      for (int j = 0; j < covariance.length; j++) {
        covariance[j] += gradients[t][j] * gradients[t][j];
      }
    }
    double[] bonus = ExplorationBonus.diagonal(past(network), candidates(network), LAMBDA, NU);
    for (int i = 0; i < CANDIDATES; i++) {
      double expected = 0;
      for (int j = 0; j < covariance.length; j++) {
        double g = gradients[PAST + i][j];
        expected += LAMBDA * NU * g * g / covariance[j];
      }
      assertThat(bonus[i]).isCloseTo(Math.sqrt(expected), within(1e-10));
    }
  }

  @ParameterizedTest
  @EnumSource(Scaling.class)
  void dualFormEqualsDirectInverse(Scaling scaling) {
    RewardNetwork network = network(scaling);
    double[][] gradients = explicit(network);
    int parameters = gradients[0].length;
    RealMatrix covariance = MatrixUtils.createRealIdentityMatrix(parameters).scalarMultiply(LAMBDA);
    for (int t = 0; t < PAST; t++) {
      RealVector g = new ArrayRealVector(gradients[t]);
      covariance = covariance.add(g.outerProduct(g));
    }
    RealMatrix inverse = new LUDecomposition(covariance).getSolver().getInverse();
    double[] bonus = ExplorationBonus.full(past(network), candidates(network), LAMBDA, NU);
    for (int i = 0; i < CANDIDATES; i++) {
      RealVector g = new ArrayRealVector(gradients[PAST + i]);
      double expected = Math.sqrt(LAMBDA * NU * g.dotProduct(inverse.operate(g)));
      assertThat(bonus[i]).isCloseTo(expected, within(1e-8 * (1 + expected)));
    }
  }

  @Test
  void productsOfGradientsOfTwoNetworksEqualExplicitOnes() {
    RewardNetwork first = network(Scaling.SCALED);
    RewardNetwork second = network(Scaling.PUBLISHED);
    RealMatrix expected =
        new Array2DRowRealMatrix(explicit(first))
            .multiply(new Array2DRowRealMatrix(explicit(second)).transpose());
    double[][] found =
        first.gradients(contexts).products(second.gradients(contexts)).toDoubleMatrix();
    double[] norms = first.gradients(contexts).squaredNorms().toDoubleVector();
    double[][] own = first.gradients(contexts).products(first.gradients(contexts)).toDoubleMatrix();
    for (int i = 0; i < PAST + CANDIDATES; i++) {
      assertThat(found[i]).containsExactly(expected.getRow(i), within(1e-10));
      assertThat(norms[i]).isCloseTo(own[i][i], within(1e-10));
    }
  }

  @Test
  void activeUnitsAreOnesThatDl4jCountsAsOn() {
    RewardNetwork network = network(Scaling.SCALED);
    double[] predicted = network.predict(contexts);
    GradientFeatures features = network.gradients(contexts);
    double[] recomputed =
        features
            .activations()
            .mmul(network.network().getParam("1_W"))
            .addi(network.network().getParam("1_b").getDouble(0))
            .toDoubleVector();
    assertThat(recomputed).containsExactly(predicted, within(1e-12));
  }

  @Test
  void weightDecayIsAddedToTheGradientOnce() {
    // One step of Adam moves every parameter by the learning rate times g / (|g| + tiny); with a
    // target that equals the prediction, g is the decay times the parameter, and so is its sign.
    NetworkSettings settings = settings(Scaling.PUBLISHED);
    RewardNetwork network = RewardNetwork.initial(settings, INPUTS, 0.5, 3);
    INDArray before = network.network().params().dup();
    INDArray one = contexts.getRow(0, true);
    network.train(one, network.predict(one), 1);
    INDArray moved = network.network().params().sub(before);
    for (int j = 0; j < before.length(); j++) {
      assertThat(moved.getDouble(j))
          .isCloseTo(-0.01 * Math.signum(before.getDouble(j)), within(1e-6));
    }
  }

  private static NetworkSettings settings(Scaling scaling) {
    return new NetworkSettings(6, 20, 0.01, LAMBDA, NU, Covariance.DIAGONAL, scaling);
  }

  private RewardNetwork network(Scaling scaling) {
    RewardNetwork network = RewardNetwork.initial(settings(scaling), INPUTS, 0.01, 5);
    double[] targets = new double[PAST + CANDIDATES];
    Arrays.setAll(targets, i -> Math.sin(i));
    network.train(contexts, targets, 20);
    return network;
  }

  private GradientFeatures past(RewardNetwork network) {
    return GradientFeatures.concatenate(
        List.of(network.gradients(rows(0, 3)), network.gradients(rows(3, PAST))));
  }

  private GradientFeatures candidates(RewardNetwork network) {
    return network.gradients(rows(PAST, PAST + CANDIDATES));
  }

  private INDArray rows(int from, int to) {
    return Nd4j.createFromArray(Arrays.copyOfRange(contexts.toDoubleMatrix(), from, to));
  }

  private static INDArray contexts() {
    SeededRandom draws = SeededRandom.of(11, "contexts");
    double[][] rows = new double[PAST + CANDIDATES][INPUTS];
    for (double[] row : rows) {
      Arrays.setAll(row, j -> draws.normal());
    }
    return Nd4j.createFromArray(rows);
  }

  /**
   * Computes the gradient of the prediction with respect to all parameters as that of (f - y)^2
   * with y = f - 1/2.
   */
  private double[][] explicit(RewardNetwork network) {
    MultiLayerNetwork net = network.network().clone();
    net.getLayerWiseConfigurations()
        .getConfs()
        .forEach(
            conf ->
                ((org.deeplearning4j.nn.conf.layers.BaseLayer) conf.getLayer())
                    .setRegularization(List.of()));
    double[][] gradients = new double[(int) contexts.rows()][];
    for (int i = 0; i < gradients.length; i++) {
      INDArray one = contexts.getRow(i, true).dup();
      net.setInput(one);
      net.setLabels(net.output(one).sub(0.5));
      net.computeGradientAndScore();
      gradients[i] = net.gradient().gradient().toDoubleVector();
    }
    return gradients;
  }
}
