package org.lethe.model.family;

import java.util.Optional;
import java.util.stream.IntStream;
import org.lethe.compute.Activation;
import org.lethe.compute.Heads;
import org.lethe.compute.Scores;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.Embedding;
import org.lethe.model.architecture.FeedForward;
import org.lethe.model.architecture.LanguageHead;
import org.lethe.model.architecture.Norm;
import org.lethe.model.architecture.TensorSpec;

/** GPT-2 (Radford et al., 2019): learned positions, LayerNorm, weights whose inputs come first. */
final class Gpt2 implements ModelFamily {
  @Override
  public String modelType() {
    return "gpt2";
  }

  @Override
  public String className() {
    return "GPT2LMHeadModel";
  }

  private static final String HEAD = "lm_head.weight";
  private static final double DEFAULT_EPSILON = 1e-5;

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    int hidden = keys.positive("n_embd");
    int count = keys.positive("n_head");
    Sizes sizes =
        new Sizes(
            hidden,
            keys.positive("n_inner", 4 * hidden),
            keys.positive("n_layer"),
            count,
            count,
            Sizes.divided(keys, hidden, count),
            keys.positive("vocab_size"),
            keys.positive("n_positions"));
    double epsilon = keys.positiveNumber("layer_norm_epsilon", DEFAULT_EPSILON);
    Activation activation = keys.activation("activation_function", "gelu_new");
    boolean scaled = keys.flag("scale_attn_weights", true);
    boolean scaledByLayer = keys.flag("scale_attn_by_inverse_layer_idx");
    boolean tied = keys.flag("tie_word_embeddings", true);
    return keys.ifComplete(
        () ->
            new Architecture(
                sizes.maxPositions(),
                new Embedding(
                    sizes.byToken("transformer.wte.weight"),
                    1,
                    Optional.of(
                        TensorSpec.matrix("transformer.wpe.weight", sizes.maxPositions(), hidden))),
                IntStream.range(0, sizes.layers())
                    .mapToObj(
                        layer -> {
                          double all = scaled ? sizes.scores().scale() : 1;
                          double scale = scaledByLayer ? all / (layer + 1) : all;
                          Heads heads = sizes.heads(Scores.scaled(scale));
                          return block(layer, sizes, heads, epsilon, activation);
                        })
                    .toList(),
                Norm.layer("transformer.ln_f", hidden, epsilon),
                LanguageHead.of(HEAD, tied ? Optional.empty() : Optional.of(sizes.byToken(HEAD)))));
  }

  private static Block block(
      int layer, Sizes sizes, Heads heads, double epsilon, Activation activation) {
    String prefix = "transformer.h." + layer + ".";
    int hidden = sizes.hidden();
    return Block.preNorm(
        layer,
        Norm.layer(prefix + "ln_1", hidden, epsilon),
        new Attention(
            heads,
            Optional.empty(),
            Maps.BIASED.transposed(prefix + "attn.c_attn", 3 * hidden, hidden),
            Attention.Order.BY_ROLE,
            Optional.empty(),
            Maps.BIASED.transposed(prefix + "attn.c_proj", hidden, hidden)),
        Norm.layer(prefix + "ln_2", hidden, epsilon),
        new FeedForward(
            activation,
            Maps.BIASED.transposed(prefix + "mlp.c_fc", sizes.intermediate(), hidden),
            Maps.BIASED.transposed(prefix + "mlp.c_proj", hidden, sizes.intermediate())));
  }
}
