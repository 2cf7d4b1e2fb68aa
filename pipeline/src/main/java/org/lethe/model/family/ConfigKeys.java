package org.lethe.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.lethe.compute.Activation;

/**
 * The keys of a config.json and their problems. A key with the value null counts as absent. Reading
 * continues after a problem, so that all problems are reported together.
 */
public final class ConfigKeys {
  private static final int SHOWN_CHARACTERS = 60;

  private final JsonNode root;
  private final Set<String> missing = new LinkedHashSet<>();
  private final Set<String> problems = new LinkedHashSet<>();

  /** The keys of a JSON object. */
  public ConfigKeys(JsonNode root) {
    this.root = root;
  }

  /** All problems found so far, missing keys last. */
  public List<String> problems() {
    List<String> all = new ArrayList<>(problems);
    if (!missing.isEmpty()) {
      all.add("missing " + String.join(", ", missing));
    }
    return all;
  }

  /** Makes a value if there is no problem. */
  <T> Optional<T> ifComplete(Supplier<T> maker) {
    return problems().isEmpty() ? Optional.of(maker.get()) : Optional.empty();
  }

  /** Records a problem. */
  public void problem(String format, Object... values) {
    problems.add(String.format(Locale.ROOT, format, values));
  }

  /** Records a missing key. */
  public void missing(String key) {
    missing.add(key);
  }

  /** Whether the key is present. */
  public boolean has(String key) {
    return root.hasNonNull(key);
  }

  /** Whether the key is present; records it as missing otherwise. */
  public boolean require(String key) {
    if (!has(key)) {
      missing(key);
    }
    return has(key);
  }

  /** The value of a key, or a missing node. */
  public JsonNode node(String key) {
    return root.path(key);
  }

  /** The value of a present key as text. */
  public String text(String key) {
    return root.get(key).asText();
  }

  /** A required whole number from 1. Returns 1 after a problem so that later checks still run. */
  public int positive(String key) {
    if (!require(key)) {
      return 1;
    }
    JsonNode value = root.get(key);
    if (!value.isInt() || value.intValue() < 1) {
      problem("%s is %s, expected a whole number from 1", key, shown(key));
      return 1;
    }
    return value.intValue();
  }

  /** A required number above 0. Returns 1 after a problem so that later checks still run. */
  public double positiveNumber(String key) {
    return require(key) ? numberAbove(root.get(key), key, 0) : 1;
  }

  /** A number above a limit. The name is for messages. Returns 1 after a problem. */
  public double numberAbove(JsonNode value, String name, double limit) {
    if (!value.isNumber()
        || !(value.doubleValue() > limit)
        || Double.isInfinite(value.doubleValue())) {
      problem("%s is %s, expected a number above %s", name, clipped(value), limit);
      return 1;
    }
    return value.doubleValue();
  }

  /** An optional flag, false by default. */
  public boolean flag(String key) {
    if (has(key) && !root.get(key).isBoolean()) {
      problem("%s is %s, expected true or false", key, shown(key));
    }
    return root.path(key).asBoolean(false);
  }

  /** An optional flag. */
  boolean flag(String key, boolean byDefault) {
    return has(key) ? flag(key) : byDefault;
  }

  /** An optional whole number from 1. */
  int positive(String key, int byDefault) {
    return has(key) ? positive(key) : byDefault;
  }

  /** An optional number above 0. */
  double positiveNumber(String key, double byDefault) {
    return has(key) ? positiveNumber(key) : byDefault;
  }

  /** A number above 0 that may be missing or null. */
  OptionalDouble optionalNumber(String key) {
    return has(key) ? OptionalDouble.of(positiveNumber(key)) : OptionalDouble.empty();
  }

  /** Records a problem if a flag is true. */
  void requireFalse(String key) {
    if (flag(key)) {
      problem("%s is true, which is not computed here", key);
    }
  }

  /** The activation function of a name in transformers. */
  Activation activation(String key, String byDefault) {
    String name = has(key) ? text(key) : byDefault;
    return switch (name) {
      case "silu", "swish" -> Activation.SILU;
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.GELU_TANH;
      case "relu" -> Activation.RELU;
      default -> {
        problem(
            "%s is %s, expected silu, gelu, gelu_new, gelu_pytorch_tanh or relu", key, shown(key));
        yield Activation.SILU;
      }
    };
  }

  /**
   * A sliding window. Empty if there is none, or if it is as long as the longest sequence.
   *
   * @param byDefault window of transformers if the key is missing; a key that is null means none
   */
  OptionalInt window(String key, OptionalInt byDefault, int maxPositions) {
    OptionalInt window = byDefault;
    if (has(key)) {
      window = OptionalInt.of(positive(key));
    } else if (root.has(key)) {
      window = OptionalInt.empty();
    }
    return window.isPresent() && window.getAsInt() < maxPositions ? window : OptionalInt.empty();
  }

  /**
   * Layers with a sliding window, from {@code layer_types}.
   *
   * @param byDefault which layers have one if the key is missing
   */
  IntPredicate slidingLayers(int layers, IntPredicate byDefault) {
    if (!has("layer_types")) {
      return byDefault;
    }
    List<String> types = new ArrayList<>();
    for (JsonNode type : root.get("layer_types")) {
      types.add(type.asText());
      if (!type.asText().equals("full_attention") && !type.asText().equals("sliding_attention")) {
        problem(
            "layer_types holds %s, expected full_attention or sliding_attention", clipped(type));
      }
    }
    if (types.size() != layers) {
      problem("layer_types has %d entries, expected %d", types.size(), layers);
      return layer -> false;
    }
    return layer -> types.get(layer).equals("sliding_attention");
  }

  /** The JSON value of a present key, shortened for a message. */
  public String shown(String key) {
    return clipped(root.get(key));
  }

  /** The text of a value, shortened for a message. */
  public static String clipped(Object value) {
    String text = value.toString();
    return text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "..." : text;
  }
}
