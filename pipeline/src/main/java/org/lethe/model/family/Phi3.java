package org.lethe.model.family;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.lethe.compute.Activation;
import org.lethe.compute.Heads;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.Embedding;
import org.lethe.model.architecture.FeedForward;
import org.lethe.model.architecture.LanguageHead;
import org.lethe.model.architecture.Norm;
import org.lethe.model.architecture.RotaryPositions;

/**
 * Phi-3 (arXiv 2404.14219): Llama with one tensor for query, key and value, and one for gate and
 * up. Rejects LongRoPE, which the variants with a context of 128 k use.
 */
final class Phi3 implements ModelFamily {
  @Override
  public String modelType() {
    return "phi3";
  }

  @Override
  public String className() {
    return "Phi3ForCausalLM";
  }

  private static final String HEAD = "lm_head.weight";
  private static final double DEFAULT_EPSILON = 1e-5;

  @Override
  public Set<String> computedKeys() {
    return Set.of("partial_rotary_factor");
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = Sizes.read(keys, Sizes.keyValueHeads(keys));
    RotaryPositions positions =
        RopeKeys.part(keys, sizes, 1, "partial_rotary_factor", "rope_theta");
    if (positions.scaling().isPresent()) {
      keys.problem(
          "rope type is not default; Phi-3 scales by longrope only, which is not computed");
    }
    double epsilon = keys.positiveNumber("rms_norm_eps", DEFAULT_EPSILON);
    Heads heads =
        sizes.heads(
            sizes
                .scores()
                .within(keys.window("sliding_window", OptionalInt.empty(), sizes.maxPositions())));
    Activation activation = keys.activation("hidden_act", "silu");
    boolean tied = keys.flag("tie_word_embeddings");
    return keys.ifComplete(
        () ->
            new Architecture(
                sizes.maxPositions(),
                Embedding.of(sizes.byToken("model.embed_tokens.weight")),
                IntStream.range(0, sizes.layers())
                    .mapToObj(layer -> block(layer, sizes, heads, positions, epsilon, activation))
                    .toList(),
                Norm.rms("model.norm", sizes.hidden(), epsilon),
                LanguageHead.of(HEAD, tied ? Optional.empty() : Optional.of(sizes.byToken(HEAD)))));
  }

  private static Block block(
      int layer,
      Sizes sizes,
      Heads heads,
      RotaryPositions positions,
      double epsilon,
      Activation activation) {
    String prefix = "model.layers." + layer + ".";
    int hidden = sizes.hidden();
    int all = heads.querySize() + 2 * heads.keyValueSize();
    return Block.preNorm(
        layer,
        Norm.rms(prefix + "input_layernorm", hidden, epsilon),
        new Attention(
            heads,
            Optional.of(positions),
            Maps.PLAIN.alone(prefix + "self_attn.qkv_proj", all, hidden),
            Attention.Order.BY_ROLE,
            Optional.empty(),
            Maps.PLAIN.alone(prefix + "self_attn.o_proj", hidden, heads.querySize())),
        Norm.rms(prefix + "post_attention_layernorm", hidden, epsilon),
        new FeedForward(
            activation,
            Maps.PLAIN.alone(prefix + "mlp.gate_up_proj", 2 * sizes.intermediate(), hidden),
            Maps.PLAIN.alone(prefix + "mlp.down_proj", hidden, sizes.intermediate())));
  }
}
