package org.lethe.model.architecture;

import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lethe.compute.Activation;
import org.lethe.compute.Heads;
import org.lethe.model.architecture.RotaryPositions.Llama3Scaling;

/**
 * Sizes and choices of a model with Llama's blocks (Touvron et al., arXiv 2302.13971, section 2.2).
 * Llama, Mistral and Qwen2 differ only in their biases.
 *
 * @param hiddenSize D
 * @param intermediateSize F, width of the SwiGLU
 * @param layers number of decoder blocks
 * @param heads query heads H
 * @param keyValueHeads key and value heads K, a divisor of H
 * @param headSize width of one head, S, even; H * S may differ from D
 * @param vocabularySize V
 * @param maxPositions longest sequence
 * @param normEpsilon epsilon of RMSNorm
 * @param ropeTheta base of the rotary embedding
 * @param ropeScaling Llama 3 scaling, if any
 * @param tiedHead whether the head is the token embedding
 * @param biases projections that have a bias
 */
public record LlamaConfig(
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    int vocabularySize,
    int maxPositions,
    double normEpsilon,
    double ropeTheta,
    Optional<Llama3Scaling> ropeScaling,
    boolean tiedHead,
    Set<Projection> biases) {
  private static final String HEAD = "lm_head.weight";

  public LlamaConfig {
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "Invalid key and value heads: " + keyValueHeads + ", expected a divisor of " + heads);
    }
    if (headSize % 2 != 0) {
      throw new IllegalArgumentException(
          "Invalid head size: " + headSize + ", expected an even number");
    }
    biases = Set.copyOf(biases);
  }

  /** The model with Hugging Face's names of Llama's tensors. */
  public Architecture architecture() {
    return new Architecture(
        maxPositions,
        Embedding.of(TensorSpec.matrix("model.embed_tokens.weight", vocabularySize, hiddenSize)),
        IntStream.range(0, layers).mapToObj(this::block).toList(),
        norm("model.norm"),
        LanguageHead.of(
            HEAD,
            tiedHead
                ? Optional.empty()
                : Optional.of(TensorSpec.matrix(HEAD, vocabularySize, hiddenSize))));
  }

  private Block block(int index) {
    String prefix = "model.layers." + index + ".";
    return Block.preNorm(
        index,
        norm(prefix + "input_layernorm"),
        new Attention(
            new Heads(heads, keyValueHeads, headSize),
            Optional.of(new RotaryPositions(headSize, ropeTheta, ropeScaling.map(s -> s))),
            fused(prefix, Projection.QUERY, Projection.KEY, Projection.VALUE),
            Attention.Order.BY_ROLE,
            Optional.empty(),
            fused(prefix, Projection.OUTPUT)),
        norm(prefix + "post_attention_layernorm"),
        new FeedForward(
            Activation.SILU,
            fused(prefix, Projection.GATE, Projection.UP),
            fused(prefix, Projection.DOWN)));
  }

  private Norm norm(String module) {
    return Norm.rms(module, hiddenSize, normEpsilon);
  }

  private FusedLinear fused(String prefix, Projection... projections) {
    return new FusedLinear(Stream.of(projections).map(p -> linear(prefix, p)).toList());
  }

  private Linear linear(String prefix, Projection projection) {
    String module = prefix + projection.path();
    int outputs = outputs(projection);
    return new Linear(
        TensorSpec.matrix(module + ".weight", outputs, inputs(projection)),
        biases.contains(projection)
            ? Optional.of(TensorSpec.vector(module + ".bias", outputs))
            : Optional.empty());
  }

  private int outputs(Projection projection) {
    return switch (projection) {
      case QUERY -> heads * headSize;
      case KEY, VALUE -> keyValueHeads * headSize;
      case OUTPUT, DOWN -> hiddenSize;
      case GATE, UP -> intermediateSize;
    };
  }

  private int inputs(Projection projection) {
    return switch (projection) {
      case QUERY, KEY, VALUE, GATE, UP -> hiddenSize;
      case OUTPUT -> heads * headSize;
      case DOWN -> intermediateSize;
    };
  }
}
