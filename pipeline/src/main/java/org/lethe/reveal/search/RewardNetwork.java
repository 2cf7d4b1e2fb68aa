package org.lethe.reveal.search;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.lethe.reveal.SeededRandom;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The network f = w . relu(W x + b) + c in DOUBLE, a DL4J network of two layers. */
final class RewardNetwork {
  private static final String HIDDEN_WEIGHTS = "0_W";
  private static final String HIDDEN_BIAS = "0_b";
  private static final String OUTPUT_WEIGHTS = "1_W";
  private static final String OUTPUT_BIAS = "1_b";

  private final MultiLayerNetwork network;

  private RewardNetwork(MultiLayerNetwork network) {
    this.network = network;
  }

  /**
   * Creates a network with weights drawn by the seed.
   *
   * @param inputs d
   * @param decay weight decay, added to the gradient like Adam in PyTorch
   */
  static RewardNetwork initial(NetworkSettings settings, int inputs, double decay, long seed) {
    int width = settings.width();
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .weightInit(WeightInit.ZERO)
                .updater(new Adam(settings.learningRate()))
                .l2(decay)
                .l2Bias(decay)
                .list()
                .layer(
                    new DenseLayer.Builder()
                        .nIn(inputs)
                        .nOut(width)
                        .activation(Activation.RELU)
                        .build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(width)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    network.init();
    SeededRandom draws = SeededRandom.of(seed, "initial weights");
    switch (settings.scaling()) {
      case SCALED -> {
        fill(network, HIDDEN_WEIGHTS, draws, Math.sqrt(2.0 / inputs));
        fill(network, OUTPUT_WEIGHTS, draws, Math.sqrt(1.0 / width));
      }
      case PUBLISHED -> {
        fill(network, HIDDEN_WEIGHTS, draws, 1);
        fill(network, HIDDEN_BIAS, draws, 1);
        fill(network, OUTPUT_WEIGHTS, draws, 1);
        fill(network, OUTPUT_BIAS, draws, 1);
      }
    }
    return new RewardNetwork(network);
  }

  private static void fill(
      MultiLayerNetwork network, String name, SeededRandom draws, double deviation) {
    INDArray parameter = network.getParam(name);
    double[] values = new double[(int) parameter.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = deviation * draws.normal();
    }
    parameter.assign(Nd4j.createFromArray(values).reshape(parameter.shape()));
  }

  /**
   * Takes full-batch steps of Adam on the mean squared error.
   *
   * @param contexts [n, d]
   * @param targets [n]
   */
  void train(INDArray contexts, double[] targets, int steps) {
    DataSet data = new DataSet(contexts, Nd4j.createFromArray(targets).reshape(targets.length, 1));
    for (int step = 0; step < steps; step++) {
      network.fit(data);
    }
  }

  /** Predicts rewards, [n]. */
  double[] predict(INDArray contexts) {
    return network.output(contexts).toDoubleVector();
  }

  /** Computes the gradients of the predictions with respect to all parameters. */
  GradientFeatures gradients(INDArray contexts) {
    INDArray activations = // [n, width]
        contexts
            .mmul(network.getParam(HIDDEN_WEIGHTS))
            .addiRowVector(network.getParam(HIDDEN_BIAS));
    INDArray on = activations.gt(0).castTo(DataType.DOUBLE);
    activations.muli(on);
    INDArray active = on.muliRowVector(network.getParam(OUTPUT_WEIGHTS).reshape(1, -1));
    return new GradientFeatures(contexts, active, activations);
  }

  MultiLayerNetwork network() {
    return network;
  }
}
