package org.lethe.model.family;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lethe.compute.Activation;
import org.lethe.compute.Scores;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.Block.Residual;
import org.lethe.model.architecture.Embedding;
import org.lethe.model.architecture.FeedForward;
import org.lethe.model.architecture.FusedLinear;
import org.lethe.model.architecture.HeadNorms;
import org.lethe.model.architecture.LanguageHead;
import org.lethe.model.architecture.Linear;
import org.lethe.model.architecture.Norm;
import org.lethe.model.architecture.Projection;
import org.lethe.model.architecture.RotaryPositions;

/**
 * Builds models whose blocks have the modules of Llama (Touvron et al., arXiv 2302.13971, section
 * 2.2). A family changes what differs from Llama.
 */
final class LlamaModel {
  /** Makes the norm of a module. */
  @FunctionalInterface
  interface NormForm {
    Norm norm(String module, int size);
  }

  /** Norms of a block and what they stand at, in the names of the modules. */
  enum Wiring {
    /**
     * input_layernorm before attention, post_attention_layernorm before the feed-forward network.
     */
    BEFORE_HALVES,
    /** A norm before and after each half. */
    AROUND_HALVES,
    /** A norm after each half. */
    AFTER_HALVES,
    /** input_layernorm before both halves, which run in parallel. */
    SHARED
  }

  private static final String HEAD = "lm_head.weight";

  private final Sizes sizes;
  private final boolean tiedHead;
  private NormForm norm;
  private IntFunction<Scores> scores;
  private IntFunction<Optional<RotaryPositions>> positions;
  private Set<Projection> biases = EnumSet.noneOf(Projection.class);
  private Activation activation = Activation.SILU;
  private Wiring wiring = Wiring.BEFORE_HALVES;
  private Optional<IntFunction<HeadNorms>> headNorms = Optional.empty();
  private double embeddingScale = 1;
  private OptionalDouble logitCap = OptionalDouble.empty();

  /**
   * Llama's choices.
   *
   * @param epsilon epsilon of RMSNorm
   * @param positions rotation of all blocks
   * @param tiedHead whether the head is the token embedding
   */
  LlamaModel(Sizes sizes, double epsilon, RotaryPositions positions, boolean tiedHead) {
    this.sizes = sizes;
    this.tiedHead = tiedHead;
    norm = (module, size) -> Norm.rms(module, size, epsilon);
    scores = layer -> sizes.scores();
    this.positions = layer -> Optional.of(positions);
  }

  LlamaModel norm(NormForm form) {
    norm = form;
    return this;
  }

  LlamaModel scores(IntFunction<Scores> byLayer) {
    scores = byLayer;
    return this;
  }

  LlamaModel positions(IntFunction<Optional<RotaryPositions>> byLayer) {
    positions = byLayer;
    return this;
  }

  LlamaModel biases(Set<Projection> projections) {
    biases = projections;
    return this;
  }

  LlamaModel activation(Activation function) {
    activation = function;
    return this;
  }

  LlamaModel wiring(Wiring norms) {
    wiring = norms;
    return this;
  }

  /** Norms of each head, q_norm and k_norm. */
  LlamaModel normsOfHeads() {
    return headNorms(sizes.headSize(), sizes.headSize());
  }

  /** Norms of all heads together. */
  LlamaModel normsOverHeads() {
    return headNorms(sizes.heads() * sizes.headSize(), sizes.keyValueHeads() * sizes.headSize());
  }

  private LlamaModel headNorms(int query, int key) {
    headNorms =
        Optional.of(
            layer ->
                new HeadNorms(
                    norm.norm(prefix(layer) + "self_attn.q_norm", query),
                    norm.norm(prefix(layer) + "self_attn.k_norm", key)));
    return this;
  }

  LlamaModel embeddingScale(double scale) {
    embeddingScale = scale;
    return this;
  }

  LlamaModel logitCap(OptionalDouble cap) {
    logitCap = cap;
    return this;
  }

  Architecture architecture() {
    return new Architecture(
        sizes.maxPositions(),
        new Embedding(sizes.byToken("model.embed_tokens.weight"), embeddingScale, Optional.empty()),
        IntStream.range(0, sizes.layers()).mapToObj(this::block).toList(),
        norm.norm("model.norm", sizes.hidden()),
        new LanguageHead(
            HEAD,
            tiedHead ? Optional.empty() : Optional.of(sizes.byToken(HEAD)),
            Optional.empty(),
            logitCap));
  }

  private static String prefix(int layer) {
    return "model.layers." + layer + ".";
  }

  private Optional<Norm> norm(int layer, String module) {
    return Optional.of(norm.norm(prefix(layer) + module, sizes.hidden()));
  }

  private Block block(int layer) {
    String first = "input_layernorm";
    String second = "post_attention_layernorm";
    Optional<Norm> none = Optional.empty();
    return switch (wiring) {
      case BEFORE_HALVES -> block(layer, norm(layer, first), none, norm(layer, second), none);
      case AROUND_HALVES ->
          block(
              layer,
              norm(layer, first),
              norm(layer, second),
              norm(layer, "pre_feedforward_layernorm"),
              norm(layer, "post_feedforward_layernorm"));
      case AFTER_HALVES ->
          block(layer, none, norm(layer, second), none, norm(layer, "post_feedforward_layernorm"));
      case SHARED -> block(layer, norm(layer, first), none, norm(layer, first), none);
    };
  }

  private Block block(
      int layer,
      Optional<Norm> input,
      Optional<Norm> attention,
      Optional<Norm> middle,
      Optional<Norm> feedForward) {
    return new Block(
        layer,
        input,
        new Attention(
            sizes.heads(scores.apply(layer)),
            positions.apply(layer),
            fused(layer, Projection.QUERY, Projection.KEY, Projection.VALUE),
            Attention.Order.BY_ROLE,
            headNorms.map(form -> form.apply(layer)),
            fused(layer, Projection.OUTPUT)),
        attention,
        middle,
        new FeedForward(
            activation,
            fused(layer, Projection.GATE, Projection.UP),
            fused(layer, Projection.DOWN)),
        feedForward,
        wiring == Wiring.SHARED ? Residual.PARALLEL : Residual.SEQUENTIAL);
  }

  private FusedLinear fused(int layer, Projection... projections) {
    List<Linear> maps = Stream.of(projections).map(p -> linear(layer, p)).toList();
    return new FusedLinear(maps);
  }

  private Linear linear(int layer, Projection projection) {
    return Maps.biased(biases.contains(projection))
        .map(prefix(layer) + projection.path(), outputs(projection), inputs(projection));
  }

  private int outputs(Projection projection) {
    return switch (projection) {
      case QUERY -> sizes.heads() * sizes.headSize();
      case KEY, VALUE -> sizes.keyValueHeads() * sizes.headSize();
      case OUTPUT, DOWN -> sizes.hidden();
      case GATE, UP -> sizes.intermediate();
    };
  }

  private int inputs(Projection projection) {
    return switch (projection) {
      case QUERY, KEY, VALUE, GATE, UP -> sizes.hidden();
      case OUTPUT -> sizes.heads() * sizes.headSize();
      case DOWN -> sizes.intermediate();
    };
  }
}
