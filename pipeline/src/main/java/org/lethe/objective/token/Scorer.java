package org.lethe.objective.token;

import java.util.Arrays;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.model.LogitChunk;

/**
 * The scorer of {@link LearnedWeights}. Its state holds w, b and the momentum of both, [2 (D + 1)]
 * or longer. Not safe for several threads.
 */
final class Scorer implements RowWeights {
  private static final double NORM_EPSILON = 1e-6;

  private final LearnedWeights settings;
  private final FlatVector state;

  private double[] hidden = new double[0]; // [C, D]
  private int[] sequences = new int[0]; // [C]
  private double[] scores = new double[0]; // sigmoid(w h + b), [C]
  private double[] weights = new double[0]; // [C]
  private double[] losses = new double[0]; // [C]
  private double[] gradient = new double[0]; // of the summed loss, [D + 1]
  private long count;

  Scorer(LearnedWeights settings, FlatVector state) {
    this.settings = settings;
    this.state = state;
  }

  @Override
  public double[] of(LogitChunk chunk, double[] chunkLosses) {
    if (chunk.firstRow() == 0) {
      begin(chunk);
    }
    int end = chunk.firstRow() + chunk.rows();
    System.arraycopy(chunkLosses, 0, losses, chunk.firstRow(), chunkLosses.length);
    if (end == weights.length) {
      addGradient();
    }
    return Arrays.copyOfRange(weights, chunk.firstRow(), end);
  }

  /** Computes the weights of the whole batch, because a completion may span chunks. */
  private void begin(LogitChunk chunk) {
    Matrix rows = chunk.hidden();
    int width = rows.columns();
    sequences = chunk.allSequences();
    hidden = new double[sequences.length * width];
    rows.download(hidden);
    scores = new double[sequences.length];
    weights = new double[sequences.length];
    losses = new double[sequences.length];
    if (gradient.length != width + 1) {
      gradient = new double[width + 1];
    }
    double[] scorer = new double[width + 1];
    state.get(0, scorer, 0, scorer.length);
    for (int row = 0; row < scores.length; row++) {
      double z = scorer[width];
      for (int i = 0; i < width; i++) {
        z += scorer[i] * hidden[row * width + i];
      }
      scores[row] = 1 / (1 + Math.exp(-z));
    }
    for (int from = 0; from < scores.length; ) {
      int to = end(from);
      double sum = 0;
      for (int row = from; row < to; row++) {
        weights[row] = Math.exp(scores[row]);
        sum += weights[row];
      }
      for (int row = from; row < to; row++) {
        weights[row] *= (to - from) / sum;
      }
      from = to;
    }
  }

  /** End of the sequence that begins at a row. */
  private int end(int from) {
    int to = from;
    while (to < sequences.length && sequences[to] == sequences[from]) {
      to++;
    }
    return to;
  }

  /** Adds the gradient of -sum weight NLL. With a = weight / tokens: dLoss/dscore below. */
  private void addGradient() {
    int width = gradient.length - 1;
    for (int from = 0; from < scores.length; ) {
      int to = end(from);
      double mean = 0;
      for (int row = from; row < to; row++) {
        mean += weights[row] * losses[row] / (to - from);
      }
      for (int row = from; row < to; row++) {
        double slope = -weights[row] * (losses[row] - mean) * scores[row] * (1 - scores[row]);
        for (int i = 0; i < width; i++) {
          gradient[i] += slope * hidden[row * width + i];
        }
        gradient[width] += slope;
      }
      from = to;
    }
    count += scores.length;
  }

  @Override
  public void stepEnded(long step) {
    if ((step + 1) % settings.every() == 0 && count > 0) {
      descend();
    }
    Arrays.fill(gradient, 0);
    count = 0;
  }

  /** PyTorch's order: clip, add the weight decay, momentum, step. */
  private void descend() {
    int length = gradient.length;
    double[] values = new double[2 * length];
    state.get(0, values, 0, values.length);
    double norm = 0;
    for (double element : gradient) {
      norm += element / count * (element / count);
    }
    double clip = Math.min(1, settings.maximumNorm() / (Math.sqrt(norm) + NORM_EPSILON));
    for (int i = 0; i < length; i++) {
      double g = clip * gradient[i] / count + settings.weightDecay() * values[i];
      values[length + i] = settings.momentum() * values[length + i] + g;
      values[i] -= settings.rate() * values[length + i];
    }
    state.put(0, values, 0, values.length);
  }
}
