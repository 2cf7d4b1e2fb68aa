package org.lethe.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One decoder block: middle = x + attentionNorm(attention(inputNorm(x))), out = middle +
 * feedForwardNorm(feedForward(middleNorm(y))). A missing norm changes nothing.
 *
 * @param index position among the blocks, from 0
 * @param inputNorm norm before attention
 * @param attention attention
 * @param attentionNorm norm after attention
 * @param middleNorm norm before the feed-forward network
 * @param feedForward feed-forward network
 * @param feedForwardNorm norm after the feed-forward network
 * @param residual what y is
 */
public record Block(
    int index,
    Optional<Norm> inputNorm,
    Attention attention,
    Optional<Norm> attentionNorm,
    Optional<Norm> middleNorm,
    FeedForward feedForward,
    Optional<Norm> feedForwardNorm,
    Residual residual) {
  /** Input y of the feed-forward network. */
  public enum Residual {
    /** y = middle. */
    SEQUENTIAL,
    /** y = x, as in GPT-J (Wang and Komatsuzaki, 2021). */
    PARALLEL
  }

  /** A sequential block with a norm before each half. */
  public static Block preNorm(
      int index, Norm inputNorm, Attention attention, Norm middleNorm, FeedForward feedForward) {
    return new Block(
        index,
        Optional.of(inputNorm),
        attention,
        Optional.empty(),
        Optional.of(middleNorm),
        feedForward,
        Optional.empty(),
        Residual.SEQUENTIAL);
  }

  /**
   * All tensors in the order of the flat vector: maps that share a product are neighbours. A norm
   * that both halves share appears once.
   */
  public List<TensorSpec> tensors() {
    List<TensorSpec> tensors = new ArrayList<>();
    addTo(tensors, inputNorm);
    addTo(tensors, attention.queryKeyValue());
    attention.norms().ifPresent(norms -> tensors.addAll(norms.query().tensors()));
    attention.norms().ifPresent(norms -> tensors.addAll(norms.key().tensors()));
    addTo(tensors, attention.output());
    addTo(tensors, attentionNorm);
    addTo(tensors, middleNorm);
    addTo(tensors, feedForward.up());
    addTo(tensors, feedForward.down());
    addTo(tensors, feedForwardNorm);
    return tensors.stream().distinct().toList();
  }

  private static void addTo(List<TensorSpec> tensors, Optional<Norm> norm) {
    norm.ifPresent(present -> tensors.addAll(present.tensors()));
  }

  private static void addTo(List<TensorSpec> tensors, FusedLinear linear) {
    tensors.addAll(linear.weights());
    tensors.addAll(linear.biases());
  }

  /** Norms of the residual stream, as far as the block has them. */
  public List<Norm> norms() {
    List<Norm> norms = new ArrayList<>();
    inputNorm.ifPresent(norms::add);
    attentionNorm.ifPresent(norms::add);
    middleNorm.ifPresent(norms::add);
    feedForwardNorm.ifPresent(norms::add);
    return norms;
  }

  /**
   * All linear maps, in the order of their tensors. A map's index decides the stream of its LoRA
   * dropout mask.
   */
  public List<Linear> linears() {
    return products().stream().flatMap(product -> product.maps().stream()).toList();
  }

  /** All products with weights, each of one or more linear maps. */
  public List<FusedLinear> products() {
    return List.of(
        attention.queryKeyValue(), attention.output(), feedForward.up(), feedForward.down());
  }
}
