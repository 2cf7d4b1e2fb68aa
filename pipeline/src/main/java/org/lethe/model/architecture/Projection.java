package org.lethe.model.architecture;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Roles of the linear maps of a block. Their order decides the stream of a LoRA dropout mask. */
public enum Projection {
  QUERY("self_attn.q_proj"),
  KEY("self_attn.k_proj"),
  VALUE("self_attn.v_proj"),
  OUTPUT("self_attn.o_proj"),
  GATE("mlp.gate_proj"),
  UP("mlp.up_proj"),
  DOWN("mlp.down_proj");

  /** Query, key and value. */
  public static final Set<Projection> ATTENTION_INPUTS = Set.of(QUERY, KEY, VALUE);

  /** Query, key, value and output. */
  public static final Set<Projection> ATTENTION = Set.of(QUERY, KEY, VALUE, OUTPUT);

  /** Gate, up and down. */
  public static final Set<Projection> FEED_FORWARD = Set.of(GATE, UP, DOWN);

  private final String path;

  Projection(String path) {
    this.path = path;
  }

  /** Path inside a block of Llama, {@code self_attn.q_proj}. */
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
    return EnumSet.allOf(Projection.class).stream()
        .map(Projection::moduleName)
        .collect(Collectors.joining(", "));
  }
}
