package org.lethe.model.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lethe.error.ModelDirectoryErrors;
import org.lethe.model.Decoder;
import org.lethe.model.DecoderConfig;
import org.lethe.model.DecoderConfig.RopeScaling;
import org.lethe.tensor.Dtype;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads config.json, in the spelling of transformers 4 (rope_scaling, torch_dtype) and 5
 * (rope_parameters, dtype). What would compute something else than {@link Decoder} does is refused
 * by name; all problems are reported together.
 *
 * <p>attention_dropout is not applied, which is logged: it does not change what the model computes
 * when it is used.
 */
final class DecoderConfigReader {
  private static final Logger log = LoggerFactory.getLogger(DecoderConfigReader.class);

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Set<String> MODEL_TYPES = Set.of("llama", "mistral");
  private static final Set<String> ARCHITECTURES = Set.of("LlamaForCausalLM", "MistralForCausalLM");

  /** Keys of relatives of Llama that change what is computed, with their harmless values. */
  private static final Map<String, Set<String>> OTHER_ARCHITECTURES =
      Map.ofEntries(
          Map.entry("pretraining_tp", Set.of("1")),
          Map.entry("partial_rotary_factor", Set.of("1", "1.0")),
          Map.entry("logits_scaling", Set.of("1", "1.0")),
          Map.entry("logit_scale", Set.of("1", "1.0")),
          Map.entry("residual_multiplier", Set.of("1", "1.0")),
          Map.entry("embedding_multiplier", Set.of("1", "1.0")),
          Map.entry("attention_multiplier", Set.of()),
          Map.entry("final_logit_softcapping", Set.of()),
          Map.entry("attn_logit_softcapping", Set.of()),
          Map.entry("num_local_experts", Set.of("0", "1")),
          Map.entry("num_experts", Set.of("0", "1")),
          Map.entry("no_rope_layers", Set.of()),
          Map.entry("use_qk_norm", Set.of("false")),
          Map.entry("is_encoder_decoder", Set.of("false")),
          Map.entry("add_cross_attention", Set.of("false")));

  private final JsonNode root;
  private final List<String> missing = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private DecoderConfigReader(JsonNode root) {
    this.root = root;
  }

  /** Reads and checks a config.json. */
  static DecoderConfig read(Path file) {
    DecoderConfigReader reader = new DecoderConfigReader(parse(file));
    Optional<DecoderConfig> config = reader.read();
    if (config.isEmpty()) {
      throw ModelDirectoryErrors.unsupported(file, reader.problems);
    }
    return config.get();
  }

  /** A JSON object from a file of a model directory. */
  static JsonNode parse(Path file) {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (!root.isObject()) {
        throw ModelDirectoryErrors.badConfig(file, "not a JSON object");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw ModelDirectoryErrors.badConfig(file, "not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw ModelDirectoryErrors.unreadable(file, e);
    }
  }

  private Optional<DecoderConfig> read() {
    checkKind();
    int hidden = positive("hidden_size");
    int intermediate = positive("intermediate_size");
    int layers = positive("num_hidden_layers");
    int heads = positive("num_attention_heads");
    int vocabulary = positive("vocab_size");
    int positions = positive("max_position_embeddings");
    double epsilon = required("rms_norm_eps") ? positiveNumber(root, "rms_norm_eps", 0) : 1;
    int keyValueHeads = has("num_key_value_heads") ? positive("num_key_value_heads") : heads;
    int headSize = headSize(hidden, heads);
    if (heads % keyValueHeads != 0) {
      problems.add(
          "num_attention_heads "
              + heads
              + " is no multiple of num_key_value_heads "
              + keyValueHeads);
    }
    if (headSize % 2 != 0) {
      problems.add("head_dim " + headSize + " is odd; rotary embedding needs pairs");
    }
    JsonNode rope =
        has("rope_parameters") ? root.get("rope_parameters") : root.path("rope_scaling");
    double theta = has("rope_theta") ? positiveNumber(root, "rope_theta", 1) : ropeTheta(rope);
    Optional<RopeScaling> scaling = ropeScaling(rope);
    checkSlidingWindow(positions);
    boolean tied = flag("tie_word_embeddings");
    boolean attentionBias = flag("attention_bias");
    boolean mlpBias = flag("mlp_bias");
    if (!missing.isEmpty()) {
      problems.add("missing " + String.join(", ", missing));
    }
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new DecoderConfig(
            hidden,
            intermediate,
            layers,
            heads,
            keyValueHeads,
            headSize,
            vocabulary,
            positions,
            epsilon,
            theta,
            scaling,
            tied,
            attentionBias,
            mlpBias));
  }

  private void checkKind() {
    if (required("model_type") && !MODEL_TYPES.contains(root.get("model_type").asText())) {
      problems.add("model_type is " + shown("model_type") + ", expected llama or mistral");
    }
    for (JsonNode architecture : root.path("architectures")) {
      if (!ARCHITECTURES.contains(architecture.asText())) {
        problems.add("architecture is " + clipped(architecture) + ", expected LlamaForCausalLM");
      }
    }
    if (has("hidden_act") && !root.get("hidden_act").asText().equals("silu")) {
      problems.add("hidden_act is " + shown("hidden_act") + ", expected silu");
    }
    if (has("quantization_config")) {
      problems.add("quantization_config is set; convert the weights to float16 or float32 first");
    }
    if (has("auto_map")) {
      problems.add("auto_map asks for code from the model directory, which is never run");
    }
    for (String key : List.of("torch_dtype", "dtype")) {
      if (has(key) && Dtype.ofTorchName(root.get(key).asText()).isEmpty()) {
        problems.add(
            key + " is " + shown(key) + ", expected float32, float16, bfloat16 or float64");
      }
    }
    OTHER_ARCHITECTURES.forEach(
        (key, harmless) -> {
          if (has(key) && !harmless.contains(root.get(key).asText())) {
            problems.add(key + " is " + shown(key) + ", which is not computed here");
          }
        });
    for (JsonNode kind : root.path("layer_types")) {
      if (!kind.asText().equals("full_attention")) {
        problems.add("layer_types holds " + clipped(kind) + ", expected full_attention");
        break;
      }
    }
    if (root.path("attention_dropout").asDouble() > 0) {
      log.warn("attention_dropout of config.json is not applied in training");
    }
  }

  private int headSize(int hidden, int heads) {
    if (has("head_dim")) {
      return positive("head_dim");
    }
    boolean known = has("hidden_size") && has("num_attention_heads") && problems.isEmpty();
    if (known && hidden % heads != 0) {
      problems.add("hidden_size " + hidden + " is no multiple of num_attention_heads " + heads);
      return 2;
    }
    return known ? hidden / heads : 2;
  }

  /** A window that is at least as long as the longest sequence hides nothing. */
  private void checkSlidingWindow(int positions) {
    boolean inUse = !has("use_sliding_window") || root.get("use_sliding_window").asBoolean();
    if (inUse && has("sliding_window") && root.get("sliding_window").asInt() < positions) {
      problems.add(
          "sliding_window is "
              + shown("sliding_window")
              + ", expected none: every token must see all tokens before it");
    }
  }

  private double ropeTheta(JsonNode rope) {
    return rope.hasNonNull("rope_theta") ? positiveNumber(rope, "rope_theta", 1) : 10_000;
  }

  private Optional<RopeScaling> ropeScaling(JsonNode rope) {
    if (!rope.isObject()) {
      return Optional.empty();
    }
    // Older files spell it "type".
    String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
    if (rope.path("partial_rotary_factor").asDouble(1) != 1) {
      problems.add("partial_rotary_factor of rope_parameters is not computed here");
    }
    switch (type) {
      case "default" -> {
        return Optional.empty();
      }
      case "llama3" -> {
        return llama3(rope);
      }
      default -> {
        problems.add("rope type is " + clipped(type) + ", expected default or llama3");
        return Optional.empty();
      }
    }
  }

  private Optional<RopeScaling> llama3(JsonNode rope) {
    List<String> keys =
        List.of(
            "factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings");
    for (String key : keys) {
      if (!rope.path(key).isNumber()) {
        missing.add(key + " of rope type llama3");
      }
    }
    RopeScaling scaling =
        new RopeScaling(
            rope.path(keys.get(0)).asDouble(),
            rope.path(keys.get(1)).asDouble(),
            rope.path(keys.get(2)).asDouble(),
            rope.path(keys.get(3)).asInt());
    if (missing.isEmpty()
        && !(scaling.factor() >= 1
            && scaling.lowFrequencyFactor() > 0
            && scaling.highFrequencyFactor() > scaling.lowFrequencyFactor()
            && scaling.originalMaxPositions() > 0)) {
      problems.add("rope type llama3 has impossible factors");
    }
    return Optional.of(scaling);
  }

  private boolean has(String key) {
    return root.hasNonNull(key);
  }

  private boolean required(String key) {
    if (!has(key)) {
      missing.add(key);
    }
    return has(key);
  }

  /** 1 stands for a number that is missing, so that checking can go on. */
  private int positive(String key) {
    if (!required(key)) {
      return 1;
    }
    JsonNode node = root.get(key);
    if (!node.isInt() || node.intValue() < 1) {
      problems.add(key + " is " + shown(key) + ", expected a whole number from 1");
      return 1;
    }
    return node.intValue();
  }

  private double positiveNumber(JsonNode parent, String key, double above) {
    JsonNode node = parent.get(key);
    if (!node.isNumber()
        || !(node.doubleValue() > above)
        || Double.isInfinite(node.doubleValue())) {
      problems.add(key + " is " + clipped(node) + ", expected a number above " + above);
      return 1;
    }
    return node.doubleValue();
  }

  private boolean flag(String key) {
    if (has(key) && !root.get(key).isBoolean()) {
      problems.add(key + " is " + shown(key) + ", expected true or false");
    }
    return root.path(key).asBoolean(false);
  }

  private String shown(String key) {
    return clipped(root.get(key));
  }

  private static String clipped(Object value) {
    String text = value.toString();
    return text.length() > 60 ? text.substring(0, 60) + "..." : text;
  }
}
