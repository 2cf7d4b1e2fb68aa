package org.lethe.model.architecture;

import java.util.ArrayList;
import java.util.List;

/**
 * One decoder block with a norm before each half: middle = x + attention(inputNorm(x)), out =
 * middle + feedForward(middleNorm(middle)).
 *
 * @param index position among the blocks, from 0
 * @param inputNorm norm before attention
 * @param attention attention
 * @param middleNorm norm before the feed-forward network
 * @param feedForward feed-forward network
 */
public record Block(
    int index, RmsNorm inputNorm, Attention attention, RmsNorm middleNorm, SwiGlu feedForward) {
  /** All tensors in the order of the flat vector: maps that share a product are neighbours. */
  public List<TensorSpec> tensors() {
    List<TensorSpec> tensors = new ArrayList<>();
    tensors.add(inputNorm.weight());
    addTo(tensors, attention.queryKeyValue());
    addTo(tensors, attention.output());
    tensors.add(middleNorm.weight());
    addTo(tensors, feedForward.gateUp());
    addTo(tensors, feedForward.down());
    return tensors;
  }

  private static void addTo(List<TensorSpec> tensors, FusedLinear linear) {
    tensors.addAll(linear.weights());
    tensors.addAll(linear.biases());
  }

  /**
   * All linear maps, in the order of their tensors. A map's index decides the stream of its LoRA
   * dropout mask.
   */
  public List<Linear> linears() {
    List<Linear> linears = new ArrayList<>(attention.queryKeyValue().maps());
    linears.addAll(attention.output().maps());
    linears.addAll(feedForward.gateUp().maps());
    linears.addAll(feedForward.down().maps());
    return linears;
  }
}
