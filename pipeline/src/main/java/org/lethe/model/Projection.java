package org.lethe.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The linear maps of a decoder block, in the order in which Hugging Face names them. */
public enum Projection {
  QUERY("self_attn.q_proj"),
  KEY("self_attn.k_proj"),
  VALUE("self_attn.v_proj"),
  OUTPUT("self_attn.o_proj"),
  GATE("mlp.gate_proj"),
  UP("mlp.up_proj"),
  DOWN("mlp.down_proj");

  private final String path;

  Projection(String path) {
    this.path = path;
  }

  /** Path inside a block, {@code self_attn.q_proj}. */
  public String path() {
    return path;
  }

  /** The module name that PEFT's {@code target_modules} uses, {@code q_proj}. */
  public String moduleName() {
    return path.substring(path.indexOf('.') + 1);
  }

  /** The projection of a PEFT module name, if there is one. */
  public static Optional<Projection> ofModuleName(String name) {
    return Arrays.stream(values()).filter(p -> p.moduleName().equals(name)).findFirst();
  }

  /** All module names, for messages. */
  public static String moduleNames() {
    return Arrays.stream(values()).map(Projection::moduleName).collect(Collectors.joining(", "));
  }

  /** Whether the projection belongs to attention. */
  boolean isAttention() {
    return path.toLowerCase(Locale.ROOT).startsWith("self_attn");
  }

  /** Rows of the weight, [out, in]. */
  int outputs(DecoderConfig config) {
    return switch (this) {
      case QUERY -> config.querySize();
      case KEY, VALUE -> config.keyValueSize();
      case OUTPUT, DOWN -> config.hiddenSize();
      case GATE, UP -> config.intermediateSize();
    };
  }

  /** Columns of the weight, [out, in]. */
  int inputs(DecoderConfig config) {
    return switch (this) {
      case QUERY, KEY, VALUE, GATE, UP -> config.hiddenSize();
      case OUTPUT -> config.querySize();
      case DOWN -> config.intermediateSize();
    };
  }

  boolean hasBias(DecoderConfig config) {
    return isAttention() ? config.attentionBias() : config.mlpBias();
  }
}
