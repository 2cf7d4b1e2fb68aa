package org.lethe.model.architecture;

import java.util.ArrayList;
import java.util.List;

/**
 * A decoder-only language model as data. Tensors have Hugging Face names and shapes.
 *
 * @param maxPositions longest sequence
 * @param embedding token embedding
 * @param blocks decoder blocks, at least one, all of the same sizes
 * @param norm norm before the head
 * @param head language-model head
 */
public record Architecture(
    int maxPositions, Embedding embedding, List<Block> blocks, Norm norm, LanguageHead head) {
  public Architecture {
    blocks = List.copyOf(blocks);
  }

  /** D, size of the residual stream. */
  public int hiddenSize() {
    return embedding.table().columns();
  }

  /** V, number of tokens. */
  public int vocabularySize() {
    return embedding.table().rows();
  }

  /** Number of blocks. */
  public int layers() {
    return blocks.size();
  }

  /** Tensors after the last block: the norm, and the head unless it is tied. */
  public List<TensorSpec> headTensors() {
    List<TensorSpec> tensors = new ArrayList<>();
    tensors.addAll(norm.tensors());
    tensors.addAll(head.tensors());
    return tensors;
  }

  /** First part of the names of all tensors but the head's, with its dot: {@code model.}. */
  public String prefix() {
    String name = embedding.table().name();
    return name.substring(0, name.indexOf('.') + 1);
  }

  /** All tensors in the order of the flat vector. A tied head appears once, as the embedding. */
  public List<TensorSpec> tensors() {
    List<TensorSpec> tensors = new ArrayList<>();
    tensors.addAll(embedding.tensors());
    blocks.forEach(block -> tensors.addAll(block.tensors()));
    tensors.addAll(headTensors());
    return tensors;
  }

  /** Number of weights of the whole model. */
  public long parameters() {
    return TensorSpec.length(tensors());
  }
}
