package org.lethe.model.family;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.lethe.compute.Activation;
import org.lethe.compute.Heads;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.Embedding;
import org.lethe.model.architecture.FeedForward;
import org.lethe.model.architecture.FusedLinear;
import org.lethe.model.architecture.LanguageHead;
import org.lethe.model.architecture.Norm;
import org.lethe.model.architecture.RotaryPositions;
import org.lethe.model.architecture.TensorSpec;

/**
 * Phi-1, Phi-1.5 and Phi-2: parallel halves that share a LayerNorm, biases everywhere, a rotated
 * part of each head.
 */
final class Phi implements ModelFamily {
  @Override
  public String modelType() {
    return "phi";
  }

  @Override
  public String className() {
    return "PhiForCausalLM";
  }

  private static final double ROTATED_SHARE = 0.5;
  private static final double DEFAULT_EPSILON = 1e-5;

  @Override
  public Set<String> computedKeys() {
    return Set.of("partial_rotary_factor");
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = Sizes.read(keys, Sizes.keyValueHeads(keys));
    RotaryPositions positions =
        RopeKeys.part(keys, sizes, ROTATED_SHARE, "partial_rotary_factor", "rope_theta");
    keys.requireFalse("qk_layernorm");
    double epsilon = keys.positiveNumber("layer_norm_eps", DEFAULT_EPSILON);
    Activation activation = keys.activation("hidden_act", "gelu_new");
    boolean tied = keys.flag("tie_word_embeddings");
    TensorSpec head = sizes.byToken("lm_head.weight");
    return keys.ifComplete(
        () ->
            new Architecture(
                sizes.maxPositions(),
                Embedding.of(sizes.byToken("model.embed_tokens.weight")),
                IntStream.range(0, sizes.layers())
                    .mapToObj(layer -> block(layer, sizes, positions, epsilon, activation))
                    .toList(),
                Norm.layer("model.final_layernorm", sizes.hidden(), epsilon),
                new LanguageHead(
                    head.name(),
                    tied ? Optional.empty() : Optional.of(head),
                    Optional.of(TensorSpec.vector("lm_head.bias", sizes.vocabulary())),
                    OptionalDouble.empty())));
  }

  private static Block block(
      int layer, Sizes sizes, RotaryPositions positions, double epsilon, Activation activation) {
    String prefix = "model.layers." + layer + ".";
    String attention = prefix + "self_attn.";
    int hidden = sizes.hidden();
    Heads heads = sizes.heads(sizes.scores());
    Optional<Norm> norm = Optional.of(Norm.layer(prefix + "input_layernorm", hidden, epsilon));
    return new Block(
        layer,
        norm,
        new Attention(
            heads,
            Optional.of(positions),
            new FusedLinear(
                List.of(
                    Maps.BIASED.map(attention + "q_proj", heads.querySize(), hidden),
                    Maps.BIASED.map(attention + "k_proj", heads.keyValueSize(), hidden),
                    Maps.BIASED.map(attention + "v_proj", heads.keyValueSize(), hidden))),
            Attention.Order.BY_ROLE,
            Optional.empty(),
            Maps.BIASED.alone(attention + "dense", hidden, heads.querySize())),
        Optional.empty(),
        norm,
        new FeedForward(
            activation,
            Maps.BIASED.alone(prefix + "mlp.fc1", sizes.intermediate(), hidden),
            Maps.BIASED.alone(prefix + "mlp.fc2", hidden, sizes.intermediate())),
        Optional.empty(),
        Block.Residual.PARALLEL);
  }
}
