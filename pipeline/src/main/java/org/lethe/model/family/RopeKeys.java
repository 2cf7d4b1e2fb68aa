package org.lethe.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lethe.model.architecture.RotaryPositions;
import org.lethe.model.architecture.RotaryPositions.LinearScaling;
import org.lethe.model.architecture.RotaryPositions.Llama3Scaling;
import org.lethe.model.architecture.RotaryPositions.Scaling;
import org.lethe.model.architecture.RotaryPositions.YarnScaling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rotary embedding, in the spelling of transformers 4 (rope_scaling, rope_theta) and 5
 * (rope_parameters). Conflicts follow transformers 5: rope_scaling replaces rope_parameters, and
 * values inside either precede rope_theta and partial_rotary_factor beside it.
 */
final class RopeKeys {
  static final double DEFAULT_THETA = 10_000;

  private static final Logger log = LoggerFactory.getLogger(RopeKeys.class);
  private static final String TYPES = "default, linear, llama3 or yarn";

  private final ConfigKeys keys;
  private final Sizes sizes;
  private final double defaultTheta;
  private final double rotatedShare;

  private RopeKeys(ConfigKeys keys, Sizes sizes, double defaultTheta, double rotatedShare) {
    this.keys = keys;
    this.sizes = sizes;
    this.defaultTheta = defaultTheta;
    this.rotatedShare = rotatedShare;
  }

  /** Positions of a family that rotates whole heads. */
  static RotaryPositions whole(ConfigKeys keys, Sizes sizes, double defaultTheta) {
    JsonNode rope = parameters(keys);
    if (rope.path("partial_rotary_factor").asDouble(1) != 1) {
      keys.problem("partial_rotary_factor of rope_parameters is not computed here");
    }
    return new RopeKeys(keys, sizes, defaultTheta, 1).read(rope);
  }

  /**
   * Positions of a family that rotates part of each head.
   *
   * @param share share of the columns by default
   * @param shareKey key of the share in old files
   * @param thetaKey key of the base in old files
   */
  static RotaryPositions part(
      ConfigKeys keys, Sizes sizes, double share, String shareKey, String thetaKey) {
    JsonNode rope = parameters(keys);
    double outside = keys.positiveNumber(shareKey, share);
    double used = rope.path("partial_rotary_factor").asDouble(outside);
    warnOfConflict(keys, rope, "partial_rotary_factor", shareKey);
    double theta = keys.positiveNumber(thetaKey, DEFAULT_THETA);
    return new RopeKeys(keys, sizes, theta, used).read(rope);
  }

  /** Positions of one kind of layers, described by an object of its own. */
  static RotaryPositions of(ConfigKeys keys, Sizes sizes, JsonNode rope, double defaultTheta) {
    return new RopeKeys(keys, sizes, defaultTheta, 1).positions(rope, defaultTheta);
  }

  private static JsonNode parameters(ConfigKeys keys) {
    for (String key : List.of("rope_scaling", "rope_parameters")) {
      if (keys.node(key).isObject() && !keys.node(key).isEmpty()) {
        return keys.node(key);
      }
    }
    return MissingNode.getInstance();
  }

  private static void warnOfConflict(
      ConfigKeys keys, JsonNode rope, String inside, String outside) {
    if (rope.path(inside).isNumber()
        && keys.node(outside).isNumber()
        && rope.path(inside).doubleValue() != keys.node(outside).doubleValue()) {
      log.warn(
          "config.json holds {} = {} and {} = {} of the rope parameters; the latter is used, as in"
              + " transformers 5",
          outside,
          keys.node(outside),
          inside,
          rope.path(inside));
    }
  }

  private RotaryPositions read(JsonNode rope) {
    warnOfConflict(keys, rope, "rope_theta", "rope_theta");
    double outside =
        keys.has("rope_theta")
            ? keys.numberAbove(keys.node("rope_theta"), "rope_theta", 1)
            : defaultTheta;
    return positions(rope, outside);
  }

  private RotaryPositions positions(JsonNode rope, double outsideTheta) {
    double theta =
        rope.hasNonNull("rope_theta")
            ? keys.numberAbove(rope.get("rope_theta"), "rope_theta", 1)
            : outsideTheta;
    int size = (int) (sizes.headSize() * rotatedShare);
    if (size < 2 || size % 2 != 0 || size > sizes.headSize()) {
      keys.problem("head_dim %d is odd; rotary embedding needs pairs", size);
      size = 2;
    }
    return new RotaryPositions(size, theta, scaling(rope));
  }

  private Optional<Scaling> scaling(JsonNode rope) {
    // Older files name the key "type".
    String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
    return switch (type) {
      case "default" -> Optional.empty();
      case "linear" -> Optional.of(new LinearScaling(factor(rope)));
      case "llama3" -> Optional.of(llama3(rope));
      case "yarn" -> Optional.of(yarn(rope));
      default -> {
        keys.problem("rope type is %s, expected %s", ConfigKeys.clipped(type), TYPES);
        yield Optional.empty();
      }
    };
  }

  private double factor(JsonNode rope) {
    if (!rope.path("factor").isNumber()) {
      keys.missing("factor of the rope parameters");
      return 1;
    }
    if (!(rope.path("factor").doubleValue() >= 1)) {
      keys.problem("factor of the rope parameters is %s, expected at least 1", rope.path("factor"));
    }
    return rope.path("factor").doubleValue();
  }

  private Llama3Scaling llama3(JsonNode rope) {
    List<String> names =
        List.of(
            "factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings");
    boolean complete = true;
    for (String name : names) {
      if (!rope.path(name).isNumber()) {
        keys.missing(name + " of rope type llama3");
        complete = false;
      }
    }
    Llama3Scaling scaling =
        new Llama3Scaling(
            rope.path(names.get(0)).asDouble(),
            rope.path(names.get(1)).asDouble(),
            rope.path(names.get(2)).asDouble(),
            rope.path(names.get(3)).asInt());
    boolean possible =
        scaling.factor() >= 1
            && scaling.lowFrequencyFactor() > 0
            && scaling.highFrequencyFactor() > scaling.lowFrequencyFactor()
            && scaling.originalMaxPositions() > 0;
    if (complete && !possible) {
      keys.problem("rope type llama3 has impossible factors");
    }
    return scaling;
  }

  private YarnScaling yarn(JsonNode rope) {
    double factor = factor(rope);
    double fast = number(rope, "beta_fast", 32);
    double slow = number(rope, "beta_slow", 1);
    if (!(fast > slow && slow > 0)) {
      keys.problem("rope type yarn has impossible beta_fast and beta_slow");
    }
    return new YarnScaling(
        factor,
        rope.path("original_max_position_embeddings").asInt(sizes.maxPositions()),
        fast,
        slow,
        rope.path("truncate").asBoolean(true),
        attentionFactor(rope, factor));
  }

  private static OptionalDouble attentionFactor(JsonNode rope, double factor) {
    if (rope.path("attention_factor").isNumber()) {
      return OptionalDouble.of(rope.path("attention_factor").doubleValue());
    }
    double scale = number(rope, "mscale", 0);
    double all = number(rope, "mscale_all_dim", 0);
    return scale != 0 && all != 0
        ? OptionalDouble.of(magnitude(factor, scale) / magnitude(factor, all))
        : OptionalDouble.empty();
  }

  private static double magnitude(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  /** A number; 0 and null count as missing, as in transformers. */
  private static double number(JsonNode rope, String name, double byDefault) {
    double value = rope.path(name).asDouble(0);
    return value == 0 ? byDefault : value;
  }
}
