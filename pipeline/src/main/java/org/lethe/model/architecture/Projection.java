package org.lethe.model.architecture;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** Linear maps of a block of Llama, under the names of its modules. */
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

  /** The module names of all projections, in order. */
  public static Set<String> moduleNames() {
    Set<String> names = new LinkedHashSet<>();
    Arrays.stream(values()).map(Projection::moduleName).forEach(names::add);
    return names;
  }
}
