package org.lethe.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.lethe.error.EditDistance;
import org.lethe.error.ModelErrors;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.Linear;
import org.lethe.model.architecture.TensorSpec;

/** Finds the weights that an adapter trains. */
final class TrainedTensors {
  private static final int SUGGESTIONS = 3;

  private TrainedTensors() {}

  /**
   * Names of the trained weights, without LoRA factors.
   *
   * @throws org.lethe.error.LetheException USAGE if a pattern matches no tensor, or a target of
   *     LoRA no module
   */
  static Set<String> of(Architecture architecture, Adapter adapter) {
    Set<String> all = names(architecture.tensors());
    if (adapter instanceof Adapter.Chosen chosen) {
      Set<String> found = new LinkedHashSet<>();
      String prefix = architecture.prefix();
      chosen.patterns().forEach(pattern -> found.addAll(matches(pattern, prefix, all)));
      return found;
    }
    if (adapter instanceof Adapter.Lora lora) {
      checkTargets(architecture, lora);
    }
    return adapter instanceof Adapter.Full ? all : Set.of();
  }

  private static void checkTargets(Architecture architecture, Adapter.Lora lora) {
    List<String> modules =
        architecture.blocks().stream()
            .flatMap(block -> block.linears().stream())
            .map(Linear::module)
            .toList();
    for (String target : lora.targets()) {
      if (!target.equals(Adapter.Lora.ALL_LINEAR)
          && modules.stream().noneMatch(module -> Adapter.Lora.matches(target, module))) {
        Set<String> names = new LinkedHashSet<>();
        modules.forEach(module -> names.add(module.substring(module.lastIndexOf('.') + 1)));
        throw ModelErrors.noSuchTarget(target, names);
      }
    }
  }

  /**
   * The lowest block that a backward pass must reach: the first one with a trained tensor, or block
   * 0 for a trained embedding. The number of blocks if there is none.
   */
  static int firstBlock(Architecture architecture, Adapter adapter) {
    Set<String> trained = of(architecture, adapter);
    if (adapter instanceof Adapter.Lora
        || !chosen(architecture.embedding().tensors(), trained).isEmpty()) {
      return 0;
    }
    return architecture.blocks().stream()
        .filter(block -> !chosen(block.tensors(), trained).isEmpty())
        .mapToInt(Block::index)
        .findFirst()
        .orElse(architecture.layers());
  }

  /** The trained ones of the tensors, in the same order. */
  static List<TensorSpec> chosen(List<TensorSpec> tensors, Set<String> trained) {
    return tensors.stream().filter(tensor -> trained.contains(tensor.name())).toList();
  }

  private static Set<String> names(List<TensorSpec> tensors) {
    return tensors.stream()
        .map(TensorSpec::name)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Elements of all trained tensors, LoRA factors included.
   *
   * @param blocks number of blocks to count; the head counts with the last of all blocks
   */
  static long length(Architecture architecture, Adapter adapter, int blocks) {
    List<Block> counted = architecture.blocks().subList(0, Math.min(blocks, architecture.layers()));
    if (adapter instanceof Adapter.Lora lora) {
      checkTargets(architecture, lora);
      return counted.stream()
          .mapToLong(block -> TensorSpec.length(LowRank.tensors(block, lora)))
          .sum();
    }
    List<TensorSpec> tensors = new ArrayList<>();
    tensors.addAll(architecture.embedding().tensors());
    counted.forEach(block -> tensors.addAll(block.tensors()));
    if (counted.size() == architecture.layers()) {
      tensors.addAll(architecture.headTensors());
    }
    return TensorSpec.length(chosen(tensors, of(architecture, adapter)));
  }

  private static List<String> matches(String pattern, String prefix, Set<String> all) {
    Pattern expression =
        Pattern.compile("(" + Pattern.quote(prefix) + ")?" + expression(pattern) + "(\\..*)?");
    List<String> found = all.stream().filter(n -> expression.matcher(n).matches()).toList();
    if (found.isEmpty()) {
      throw ModelErrors.noSuchTensor(pattern, nearest(pattern, prefix, all));
    }
    return found;
  }

  /** The glob as a regular expression; unpaired braces are ordinary characters. */
  private static String expression(String glob) {
    StringBuilder expression = new StringBuilder();
    int closing = -1;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (c == '*') {
        expression.append("[^.]*");
      } else if (c == '{' && glob.indexOf('}', i) > 0) {
        closing = glob.indexOf('}', i);
        expression.append("(?:");
      } else if (i == closing) {
        expression.append(')');
      } else if (c == ',' && i < closing) {
        expression.append('|');
      } else {
        expression.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return expression.toString();
  }

  private static List<String> nearest(String pattern, String prefix, Set<String> all) {
    return all.stream()
        .sorted(Comparator.comparingInt(name -> distance(pattern, prefix, name)))
        .limit(SUGGESTIONS)
        .toList();
  }

  /** Distance of a name from the pattern or from the pattern written out in full. */
  private static int distance(String pattern, String prefix, String name) {
    return Math.min(
        EditDistance.between(pattern, name),
        EditDistance.between(prefix + pattern + ".weight", name));
  }
}
