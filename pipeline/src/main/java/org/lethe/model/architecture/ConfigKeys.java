package org.lethe.model.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The keys of a config.json and their problems. A key with the value null counts as absent. Reading
 * continues after a problem, so that all problems are reported together.
 */
public final class ConfigKeys {
  /** Reason for rejecting a sliding window. */
  static final String FULL_WINDOW = "every token must see all tokens before it";

  private static final int SHOWN_CHARACTERS = 60;

  private final JsonNode root;
  private final List<String> missing = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

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

  /** Rejects a sliding window shorter than the longest sequence. A longer one hides no token. */
  void requireFullWindow() {
    boolean inUse = !has("use_sliding_window") || root.get("use_sliding_window").asBoolean();
    if (inUse
        && has("sliding_window")
        && root.get("sliding_window").asInt() < root.path("max_position_embeddings").asInt()) {
      problem("sliding_window is %s, expected none: %s", shown("sliding_window"), FULL_WINDOW);
    }
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
