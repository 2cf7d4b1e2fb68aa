package org.lethe.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Token embedding: scale times a row of the table, plus a row of the learned positions.
 *
 * @param table [V, D]
 * @param scale factor of the rows
 * @param positions learned positions, [positions, D], if there are any
 */
public record Embedding(TensorSpec table, double scale, Optional<TensorSpec> positions) {
  /** Rows of a table as they are. */
  public static Embedding of(TensorSpec table) {
    return new Embedding(table, 1, Optional.empty());
  }

  /** The table, and the positions if there are any. */
  public List<TensorSpec> tensors() {
    List<TensorSpec> tensors = new ArrayList<>(List.of(table));
    positions.ifPresent(tensors::add);
    return tensors;
  }
}
