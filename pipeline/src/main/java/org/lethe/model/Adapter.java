package org.lethe.model;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses what to train: all weights, some of them, low-rank factors next to frozen weights, or
 * nothing.
 */
public sealed interface Adapter extends Serializable {
  /** All weights are trained. */
  record Full() implements Adapter {}

  /**
   * Nothing is trained. A decoder that only evaluates keeps all its weights in the type of frozen
   * weights.
   */
  record Frozen() implements Adapter {}

  /**
   * LoRA (Hu et al., 2021, arXiv 2106.09685, section 4.1): y = W x + alpha / rank * B A dropout(x).
   *
   * @param rank r, at least 1
   * @param alpha scale before division by the rank
   * @param dropout share of inputs of A that are zeroed while training, in [0, 1)
   * @param targets modules that get factors, at least one, under their names in the model: {@code
   *     q_proj}, {@code attn.c_proj}; or {@link #ALL_LINEAR}
   * @param seed of the initial A; B starts at zero
   */
  record Lora(int rank, double alpha, double dropout, Set<String> targets, long seed)
      implements Adapter {
    /** Target that stands for all linear maps of all blocks, as in PEFT. */
    public static final String ALL_LINEAR = "all-linear";

    public Lora {
      if (rank < 1) {
        throw new IllegalArgumentException("Invalid LoRA rank: " + rank + ", expected at least 1");
      }
      if (!(alpha > 0)) {
        throw new IllegalArgumentException("Invalid LoRA alpha: " + alpha + ", expected above 0");
      }
      if (!(dropout >= 0 && dropout < 1)) {
        throw new IllegalArgumentException(
            "Invalid LoRA dropout: " + dropout + ", expected 0 <= dropout < 1");
      }
      if (targets.isEmpty()) {
        throw new IllegalArgumentException(
            "Invalid LoRA targets: none, expected names of modules such as q_proj");
      }
      targets = Collections.unmodifiableSet(new LinkedHashSet<>(targets));
    }

    /** Whether a module gets factors: PEFT compares whole names and ends of names. */
    public boolean targets(String module) {
      return targets.contains(ALL_LINEAR)
          || targets.stream().anyMatch(name -> matches(name, module));
    }

    /** The targets in the order of the modules, which replace {@link #ALL_LINEAR} by name. */
    public List<String> targetsOf(ParameterLayout layout) {
      List<String> modules = LowRank.modules(layout);
      return modules.stream()
          .map(
              module ->
                  targets.stream()
                      .filter(name -> matches(name, module))
                      .findFirst()
                      .orElse(module.substring(module.lastIndexOf('.') + 1)))
          .distinct()
          .toList();
    }

    /** Whether a target names a module. */
    static boolean matches(String target, String module) {
      return module.equals(target) || module.endsWith("." + target);
    }

    /** alpha / rank. */
    public double scale() {
      return alpha / rank;
    }
  }

  /**
   * Trains some weights. The others are frozen: they are not in the flat vector and have no
   * gradient or optimizer state.
   *
   * @param patterns names of tensors or modules, at least one; a module selects all tensors below
   *     it, a leading {@code model.} (or {@code transformer.}, {@code gpt_neox.}) may be left out,
   *     {@code *} is any part of a name between dots, <code>{a,b}</code> either of them; each must
   *     match a tensor of the model
   */
  record Chosen(List<String> patterns) implements Adapter {
    public Chosen {
      if (patterns.isEmpty() || patterns.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException(
            "Invalid tensor patterns: "
                + patterns
                + ", expected names such as"
                + " layers.{5,6,7}.mlp.down_proj");
      }
      patterns = List.copyOf(patterns);
    }
  }

  /** No training. */
  static Adapter frozen() {
    return new Frozen();
  }

  /** Full training. */
  static Adapter full() {
    return new Full();
  }
}
