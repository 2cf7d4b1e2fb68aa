package org.lethe.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.lethe.error.EditDistance;
import org.lethe.error.ModelErrors;
import org.lethe.model.TensorCut.Tensor;

/** Which weights of a model are trained. */
final class TrainedTensors {
  private static final int SUGGESTIONS = 3;

  private TrainedTensors() {}

  /**
   * Names of the trained weights; LoRA factors are not among them.
   *
   * @throws org.lethe.error.LetheException USAGE if a pattern matches no tensor
   */
  static Set<String> of(DecoderConfig config, Adapter adapter) {
    Set<String> all = WeightNames.expected(config).keySet();
    if (adapter instanceof Adapter.Chosen chosen) {
      Set<String> found = new LinkedHashSet<>();
      chosen.patterns().forEach(pattern -> found.addAll(matches(pattern, all)));
      return found;
    }
    return adapter instanceof Adapter.Full ? all : Set.of();
  }

  /**
   * The lowest block that a backward pass has to reach: the first with something trained, or the
   * first of all for a trained embedding; the number of blocks if there is none.
   */
  static int firstBlock(DecoderConfig config, Adapter adapter) {
    Set<String> trained = of(config, adapter);
    if (adapter instanceof Adapter.Lora || trained.contains(EmbeddingLayer.TABLE)) {
      return 0;
    }
    int block = 0;
    while (block < config.layers()
        && BlockLayer.tensors(config, block).stream().noneMatch(t -> trained.contains(t.name()))) {
      block++;
    }
    return block;
  }

  /**
   * Elements of all trained tensors, LoRA factors included.
   *
   * @param blocks how many blocks count; the head counts with the last of all
   */
  static long length(DecoderConfig config, Adapter adapter, int blocks) {
    int counted = Math.min(blocks, config.layers());
    if (adapter instanceof Adapter.Lora lora) {
      return counted * TensorCut.length(LowRank.tensors(config, 0, lora));
    }
    List<Tensor> tensors = new ArrayList<>(EmbeddingLayer.tensors(config));
    for (int block = 0; block < counted; block++) {
      tensors.addAll(BlockLayer.tensors(config, block));
    }
    if (counted == config.layers()) {
      tensors.addAll(HeadLayer.tensors(config));
    }
    Set<String> trained = of(config, adapter);
    return TensorCut.length(tensors.stream().filter(t -> trained.contains(t.name())).toList());
  }

  private static List<String> matches(String pattern, Set<String> all) {
    Pattern expression = Pattern.compile("(model\\.)?" + expression(pattern) + "(\\..*)?");
    List<String> found = all.stream().filter(n -> expression.matcher(n).matches()).toList();
    if (found.isEmpty()) {
      throw ModelErrors.noSuchTensor(pattern, nearest(pattern, all));
    }
    return found;
  }

  /** The glob as a regular expression; braces that do not pair are letters like any other. */
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

  private static List<String> nearest(String pattern, Set<String> all) {
    return all.stream()
        .sorted(Comparator.comparingInt(name -> distance(pattern, name)))
        .limit(SUGGESTIONS)
        .toList();
  }

  /** As if the pattern had been written out in full. */
  private static int distance(String pattern, String name) {
    return Math.min(
        EditDistance.between(pattern, name),
        EditDistance.between("model." + pattern + ".weight", name));
  }
}
