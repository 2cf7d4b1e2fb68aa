package org.lethe.model.family;

import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.lethe.compute.Activation;
import org.lethe.compute.Heads;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.Block.Residual;
import org.lethe.model.architecture.Embedding;
import org.lethe.model.architecture.FeedForward;
import org.lethe.model.architecture.LanguageHead;
import org.lethe.model.architecture.Norm;
import org.lethe.model.architecture.RotaryPositions;

/**
 * GPT-NeoX and Pythia (Black et al., arXiv 2204.06745): parallel halves with a LayerNorm each, one
 * tensor for query, key and value of each head in turn, a rotated part of each head.
 */
final class GptNeoX implements ModelFamily {
  @Override
  public String modelType() {
    return "gpt_neox";
  }

  @Override
  public String className() {
    return "GPTNeoXForCausalLM";
  }

  private static final String HEAD = "lm_head.weight";
  private static final double ROTATED_SHARE = 0.25;
  private static final double DEFAULT_EPSILON = 1e-5;

  @Override
  public Set<String> computedKeys() {
    return Set.of("partial_rotary_factor");
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = Sizes.read(keys, keys.positive("num_attention_heads"));
    RotaryPositions positions =
        RopeKeys.part(keys, sizes, ROTATED_SHARE, "rotary_pct", "rotary_emb_base");
    Choices choices =
        new Choices(
            keys.positiveNumber("layer_norm_eps", DEFAULT_EPSILON),
            keys.activation("hidden_act", "gelu"),
            Maps.biased(keys.flag("attention_bias", true)),
            keys.flag("use_parallel_residual", true) ? Residual.PARALLEL : Residual.SEQUENTIAL);
    boolean tied = keys.flag("tie_word_embeddings");
    return keys.ifComplete(
        () ->
            new Architecture(
                sizes.maxPositions(),
                Embedding.of(sizes.byToken("gpt_neox.embed_in.weight")),
                IntStream.range(0, sizes.layers())
                    .mapToObj(layer -> block(layer, sizes, positions, choices))
                    .toList(),
                Norm.layer("gpt_neox.final_layer_norm", sizes.hidden(), choices.epsilon()),
                LanguageHead.of(HEAD, tied ? Optional.empty() : Optional.of(sizes.byToken(HEAD)))));
  }

  private record Choices(
      double epsilon, Activation activation, Maps attentionMaps, Residual residual) {}

  private static Block block(int layer, Sizes sizes, RotaryPositions positions, Choices choices) {
    String prefix = "gpt_neox.layers." + layer + ".";
    int hidden = sizes.hidden();
    Heads heads = sizes.heads(sizes.scores());
    Maps maps = choices.attentionMaps();
    return new Block(
        layer,
        Optional.of(Norm.layer(prefix + "input_layernorm", hidden, choices.epsilon())),
        new Attention(
            heads,
            Optional.of(positions),
            maps.alone(prefix + "attention.query_key_value", 3 * hidden, hidden),
            Attention.Order.BY_HEAD,
            Optional.empty(),
            maps.alone(prefix + "attention.dense", hidden, hidden)),
        Optional.empty(),
        Optional.of(Norm.layer(prefix + "post_attention_layernorm", hidden, choices.epsilon())),
        new FeedForward(
            choices.activation(),
            Maps.BIASED.alone(prefix + "mlp.dense_h_to_4h", sizes.intermediate(), hidden),
            Maps.BIASED.alone(prefix + "mlp.dense_4h_to_h", hidden, sizes.intermediate())),
        Optional.empty(),
        choices.residual());
  }
}
