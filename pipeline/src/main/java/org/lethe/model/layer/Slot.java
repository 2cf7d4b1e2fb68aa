package org.lethe.model.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;

/** Activations that one block keeps for its backward pass beside its input; N rows are in use. */
public final class Slot {
  public final Matrix inputInverse; // [N, 1]
  public final Matrix qkv; // [N, E], rotated
  public final Matrix logSums; // [N, H]
  public final Matrix attended; // [N, H S]
  public final Matrix middle; // [N, D], after attention
  public final Matrix middleInverse; // [N, 1]
  public final Matrix gateUp; // [N, 2 F], or [N, F] without a gate
  private final Optional<Matrix>
      queriesAndKeys; // [N, (H + K) S], before their norms; empty without
  private final Optional<Matrix> headInverse; // [N, groups], of these norms
  private final Optional<Matrix> attention; // [N, D], before its norm; empty without
  private final Optional<Matrix> attentionInverse; // [N, 1]
  private final Optional<Matrix> feedForward; // [N, D], before its norm; empty without
  private final Optional<Matrix> feedForwardInverse; // [N, 1]

  private final List<Matrix> all = new ArrayList<>();

  /** Allocates memory for a number of rows. */
  public Slot(BlockSizes sizes, Backend backend, int rows) {
    inputInverse = allocate(backend, rows, 1);
    qkv = allocate(backend, rows, sizes.queryKeyValue());
    logSums = allocate(backend, rows, sizes.heads());
    attended = allocate(backend, rows, sizes.attended());
    middle = allocate(backend, rows, sizes.hidden());
    middleInverse = allocate(backend, rows, 1);
    gateUp = allocate(backend, rows, sizes.gateUp());
    queriesAndKeys = optional(backend, rows, sizes.normedHeads());
    headInverse = optional(backend, rows, sizes.headGroups());
    attention = optional(backend, rows, sizes.normedAttention());
    attentionInverse = optional(backend, rows, Math.min(1, sizes.normedAttention()));
    feedForward = optional(backend, rows, sizes.normedFeedForward());
    feedForwardInverse = optional(backend, rows, Math.min(1, sizes.normedFeedForward()));
  }

  private Optional<Matrix> optional(Backend backend, int rows, int columns) {
    return columns > 0 ? Optional.of(allocate(backend, rows, columns)) : Optional.empty();
  }

  /** Queries and keys before their norms. */
  public Matrix queriesAndKeys(int rows) {
    return queriesAndKeys.orElseThrow().top(rows);
  }

  /** Inverses of the norms of queries and keys. */
  public Matrix headInverse(int rows) {
    return headInverse.orElseThrow().top(rows);
  }

  /** Result of attention before its norm. */
  public Matrix attention(int rows) {
    return attention.orElseThrow().top(rows);
  }

  /** Inverses of the norm after attention. */
  public Matrix attentionInverse(int rows) {
    return attentionInverse.orElseThrow().top(rows);
  }

  /** Result of the feed-forward network before its norm. */
  public Matrix feedForward(int rows) {
    return feedForward.orElseThrow().top(rows);
  }

  /** Inverses of the norm after the feed-forward network. */
  public Matrix feedForwardInverse(int rows) {
    return feedForwardInverse.orElseThrow().top(rows);
  }

  private Matrix allocate(Backend backend, int rows, int columns) {
    Matrix matrix = backend.matrix(rows, columns);
    all.add(matrix);
    return matrix;
  }

  /** Elements per row. */
  public static long elements(BlockSizes sizes) {
    return 2L
        + sizes.hidden()
        + sizes.queryKeyValue()
        + sizes.heads()
        + sizes.attended()
        + sizes.gateUp()
        + sizes.normedHeads()
        + sizes.headGroups()
        + sizes.normedAttention()
        + Math.min(1, sizes.normedAttention())
        + sizes.normedFeedForward()
        + Math.min(1, sizes.normedFeedForward());
  }

  /** Frees all memory. */
  public void close() {
    all.forEach(Matrix::close);
  }
}
