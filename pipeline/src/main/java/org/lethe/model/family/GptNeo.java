package org.lethe.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.lethe.compute.Activation;
import org.lethe.compute.Heads;
import org.lethe.compute.Scores;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.Embedding;
import org.lethe.model.architecture.FeedForward;
import org.lethe.model.architecture.FusedLinear;
import org.lethe.model.architecture.LanguageHead;
import org.lethe.model.architecture.Norm;
import org.lethe.model.architecture.TensorSpec;

/**
 * GPT-Neo, which the TinyStories models use (Eldan and Li, arXiv 2305.07759): learned positions, a
 * window in local layers, scores without a factor.
 */
final class GptNeo implements ModelFamily {
  @Override
  public String modelType() {
    return "gpt_neo";
  }

  @Override
  public String className() {
    return "GPTNeoForCausalLM";
  }

  private static final String HEAD = "lm_head.weight";
  private static final double DEFAULT_EPSILON = 1e-5;
  private static final int DEFAULT_WINDOW = 256;

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    int hidden = keys.positive("hidden_size");
    int count = keys.positive("num_heads");
    Sizes sizes =
        new Sizes(
            hidden,
            keys.positive("intermediate_size", 4 * hidden),
            keys.positive("num_layers"),
            count,
            count,
            Sizes.divided(keys, hidden, count),
            keys.positive("vocab_size"),
            keys.positive("max_position_embeddings"));
    double epsilon = keys.positiveNumber("layer_norm_epsilon", DEFAULT_EPSILON);
    Activation activation = keys.activation("activation_function", "gelu_new");
    OptionalInt window =
        keys.window("window_size", OptionalInt.of(DEFAULT_WINDOW), sizes.maxPositions());
    List<String> kinds = kinds(keys, sizes.layers());
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
                          boolean local = kinds.get(layer).equals("local");
                          OptionalInt own = local ? window : OptionalInt.empty();
                          Heads heads = sizes.heads(Scores.scaled(1).within(own));
                          return block(layer, sizes, heads, epsilon, activation);
                        })
                    .toList(),
                Norm.layer("transformer.ln_f", hidden, epsilon),
                LanguageHead.of(HEAD, tied ? Optional.empty() : Optional.of(sizes.byToken(HEAD)))));
  }

  /** Kind of each layer: attention_types is a list of [kinds, repetitions]. */
  private static List<String> kinds(ConfigKeys keys, int layers) {
    List<String> kinds = new ArrayList<>();
    for (JsonNode item : keys.node("attention_types")) {
      for (int i = 0; i < item.path(1).asInt(); i++) {
        item.path(0).forEach(kind -> kinds.add(kind.asText()));
      }
    }
    if (!keys.has("attention_types")) {
      IntStream.range(0, layers).forEach(i -> kinds.add(i % 2 == 0 ? "global" : "local"));
    }
    if (kinds.size() != layers || !List.of("global", "local").containsAll(kinds)) {
      keys.problem(
          "attention_types is %s, expected global or local for each of %d layers",
          keys.shown("attention_types"), layers);
    }
    return kinds;
  }

  private static Block block(
      int layer, Sizes sizes, Heads heads, double epsilon, Activation activation) {
    String prefix = "transformer.h." + layer + ".";
    String attention = prefix + "attn.attention.";
    int hidden = sizes.hidden();
    return Block.preNorm(
        layer,
        Norm.layer(prefix + "ln_1", hidden, epsilon),
        new Attention(
            heads,
            Optional.empty(),
            new FusedLinear(
                List.of(
                    Maps.PLAIN.map(attention + "q_proj", hidden, hidden),
                    Maps.PLAIN.map(attention + "k_proj", hidden, hidden),
                    Maps.PLAIN.map(attention + "v_proj", hidden, hidden))),
            Attention.Order.BY_ROLE,
            Optional.empty(),
            Maps.BIASED.alone(attention + "out_proj", hidden, hidden)),
        Norm.layer(prefix + "ln_2", hidden, epsilon),
        new FeedForward(
            activation,
            Maps.BIASED.alone(prefix + "mlp.c_fc", sizes.intermediate(), hidden),
            Maps.BIASED.alone(prefix + "mlp.c_proj", hidden, sizes.intermediate())));
  }
}
