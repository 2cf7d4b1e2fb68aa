package org.lethe.model.layer;

import java.util.stream.Stream;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.Norm;

/**
 * Widths of activations. All blocks have those of the first.
 *
 * @param hidden D
 * @param queryKeyValue E
 * @param heads H
 * @param attended H S
 * @param gateUp 2 F, or F without a gate
 * @param activated F
 * @param byHead E if the fused map's outputs are reordered, else 0
 * @param normedHeads (H + K) S if queries and keys have norms, else 0
 * @param headGroups number of these norms in a row
 * @param normedAttention D if attention has a norm after it, else 0
 * @param normedFeedForward D if the feed-forward network has a norm after it, else 0
 * @param centred D if a norm is LayerNorm, else 0
 */
public record BlockSizes(
    int hidden,
    int queryKeyValue,
    int heads,
    int attended,
    int gateUp,
    int activated,
    int byHead,
    int normedHeads,
    int headGroups,
    int normedAttention,
    int normedFeedForward,
    int centred) {
  /** The widths of a model. */
  public static BlockSizes of(Architecture architecture) {
    Block block = architecture.blocks().get(0);
    Attention attention = block.attention();
    int hidden = architecture.hiddenSize();
    int all = attention.queryKeyValue().outputs();
    int headGroups = HeadNormStep.groups(attention);
    boolean centres =
        Stream.concat(block.norms().stream(), Stream.of(architecture.norm()))
            .anyMatch(norm -> norm.kind() == Norm.Kind.LAYER);
    return new BlockSizes(
        hidden,
        all,
        attention.heads().query(),
        attention.output().inputs(),
        block.feedForward().up().outputs(),
        block.feedForward().down().inputs(),
        attention.order() == Attention.Order.BY_HEAD ? all : 0,
        headGroups > 0 ? attention.heads().querySize() + attention.heads().keyValueSize() : 0,
        headGroups,
        block.attentionNorm().isPresent() ? hidden : 0,
        block.feedForwardNorm().isPresent() ? hidden : 0,
        centres ? hidden : 0);
  }

  /** D if a half has a norm after it, else 0. */
  public int unnormed() {
    return Math.max(normedAttention, normedFeedForward);
  }

  /** Widest input of a LoRA factor. */
  public int widestInput() {
    return Math.max(hidden, Math.max(attended, activated));
  }
}
