package org.lethe.model.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lethe.error.ModelDirectoryErrors;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.family.ConfigKeys;
import org.lethe.model.family.ModelFamilies;
import org.lethe.model.family.ModelFamily;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.PointerFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads config.json. Finds the family by {@code model_type}, which reads sizes and choices.
 * Rejects, by name, any setting that the decoder does not implement; reports all problems together.
 *
 * <p>Does not apply dropout, and logs that. It does not change what the model computes after
 * training.
 */
final class DecoderConfigReader {
  private static final Logger log = LoggerFactory.getLogger(DecoderConfigReader.class);

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Keys of other families that change the computation, with their harmless values. */
  private static final Map<String, Set<String>> HARMLESS_VALUES =
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

  private static final List<String> DROPOUTS =
      List.of(
          "attention_dropout",
          "attn_pdrop",
          "embd_pdrop",
          "embed_dropout",
          "hidden_dropout",
          "resid_dropout",
          "resid_pdrop");

  private final ConfigKeys keys;

  private DecoderConfigReader(ConfigKeys keys) {
    this.keys = keys;
  }

  /** Reads and checks a config.json. */
  static Architecture read(Path file) {
    ConfigKeys keys = new ConfigKeys(parse(file));
    Optional<Architecture> architecture = new DecoderConfigReader(keys).read();
    if (!keys.problems().isEmpty()) {
      throw ModelDirectoryErrors.unsupported(file, keys.problems(), ModelFamilies.modelTypes());
    }
    return architecture.orElseThrow();
  }

  /** Reads a JSON object from a file of a model directory. */
  static JsonNode parse(Path file) {
    PointerFile.reject(file);
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

  private Optional<Architecture> read() {
    Optional<ModelFamily> family =
        keys.require("model_type") ? ModelFamilies.find(keys.text("model_type")) : Optional.empty();
    if (keys.has("model_type") && family.isEmpty()) {
      keys.problem(
          "model_type is %s, expected one of %s",
          keys.shown("model_type"), ModelFamilies.modelTypes());
    }
    family.ifPresent(this::checkClass);
    checkFormat();
    checkOtherFamilies(family.map(ModelFamily::computedKeys).orElse(Set.of()));
    return family.flatMap(found -> found.read(keys));
  }

  private void checkClass(ModelFamily family) {
    for (JsonNode name : keys.node("architectures")) {
      if (!name.asText().equals(family.className())) {
        keys.problem(
            "architecture is %s, expected %s", ConfigKeys.clipped(name), family.className());
      }
    }
  }

  private void checkFormat() {
    if (keys.has("quantization_config")) {
      keys.problem("quantization_config is set; convert the weights to float16 or float32 first");
    }
    if (keys.has("auto_map")) {
      keys.problem("auto_map asks for code from the model directory, which is never run");
    }
    for (String key : List.of("torch_dtype", "dtype")) {
      if (keys.has(key) && Dtype.ofTorchName(keys.text(key)).isEmpty()) {
        keys.problem(
            "%s is %s, expected float32, float16, bfloat16 or float64", key, keys.shown(key));
      }
    }
  }

  private void checkOtherFamilies(Set<String> computed) {
    HARMLESS_VALUES.forEach(
        (key, harmless) -> {
          if (keys.has(key) && !computed.contains(key) && !harmless.contains(keys.text(key))) {
            keys.problem("%s is %s, which is not computed here", key, keys.shown(key));
          }
        });
    boolean layers = computed.contains("layer_types");
    for (JsonNode kind : keys.node("layer_types")) {
      if (!layers && !kind.asText().equals("full_attention")) {
        keys.problem("layer_types holds %s, expected full_attention", ConfigKeys.clipped(kind));
        break;
      }
    }
    for (String key : DROPOUTS) {
      if (keys.node(key).asDouble() > 0) {
        log.warn("{} of config.json is not applied in training", key);
      }
    }
  }
}
