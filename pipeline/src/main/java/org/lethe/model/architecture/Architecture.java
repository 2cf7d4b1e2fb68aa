package org.lethe.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A decoder-only language model as data. Tensors have Hugging Face names and shapes.
 *
 * @param maxPositions longest sequence
 * @param embedding token embedding, [V, D]
 * @param blocks decoder blocks, at least one, all of the same sizes
 * @param norm norm before the head
 * @param head language-model head, [V, D]; empty if it is the embedding
 */
public record Architecture(
    int maxPositions,
    TensorSpec embedding,
    List<Block> blocks,
    RmsNorm norm,
    Optional<TensorSpec> head) {
  public Architecture {
    blocks = List.copyOf(blocks);
  }

  /** D, size of the residual stream. */
  public int hiddenSize() {
    return embedding.columns();
  }

  /** V, number of tokens. */
  public int vocabularySize() {
    return embedding.rows();
  }

  /** Number of blocks. */
  public int layers() {
    return blocks.size();
  }

  /** Tensors after the last block: the norm, and the head unless it is tied. */
  public List<TensorSpec> headTensors() {
    List<TensorSpec> tensors = new ArrayList<>();
    tensors.add(norm.weight());
    head.ifPresent(tensors::add);
    return tensors;
  }

  /** All tensors in the order of the flat vector. A tied head appears once, as the embedding. */
  public List<TensorSpec> tensors() {
    List<TensorSpec> tensors = new ArrayList<>();
    tensors.add(embedding);
    blocks.forEach(block -> tensors.addAll(block.tensors()));
    tensors.addAll(headTensors());
    return tensors;
  }

  /** Number of weights of the whole model. */
  public long parameters() {
    return TensorSpec.length(tensors());
  }
}
