package org.lethe.reveal.search;

import java.util.List;
import org.lethe.reveal.Arm;

/** Context vectors of arms. */
public final class ArmContexts {
  private ArmContexts() {}

  /**
   * Appends the arms' temperatures to hidden states. The temperature is repeated so that it has
   * weight next to hundreds of dimensions: arms that differ only in temperature have the same
   * hidden state.
   *
   * @param hidden [arms, d]
   * @return [arms, d + max(1, d / 16)]
   */
  public static double[][] withTemperature(float[][] hidden, List<Arm> arms) {
    if (hidden.length != arms.size()) {
      throw new IllegalArgumentException(
          "Invalid contexts: " + hidden.length + " for " + arms.size() + " arms");
    }
    double[][] contexts = new double[hidden.length][];
    for (int i = 0; i < hidden.length; i++) {
      int dimensions = hidden[i].length;
      contexts[i] = new double[dimensions + Math.max(1, dimensions / 16)];
      for (int j = 0; j < contexts[i].length; j++) {
        contexts[i][j] = j < dimensions ? hidden[i][j] : arms.get(i).temperature();
      }
    }
    return contexts;
  }
}
