package org.lethe.model;

import java.util.List;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.TensorSpec;

/** The token embedding: a row of the table [V, D] for each token. */
final class EmbeddingLayer extends DecoderLayer<WeightSlices> {
  private final TensorSpec table;

  EmbeddingLayer(TensorSpec table, List<TensorSpec> trained, Backend backend) {
    super(List.of(table), trained, backend);
    this.table = table;
  }

  @Override
  WeightSlices matrices(TensorCut cut) {
    return cut.slices(List.of(table));
  }

  /** Fills the rows with those of the pass's tokens, [N, D]. */
  @Override
  Matrix forward(Matrix rows, Pass pass) {
    pass.compute().gather(weights().whole(), pass.rows().tokens(), rows);
    return rows;
  }

  @Override
  Matrix backward(Matrix dRows, Pass pass) {
    weightGradients()
        .forEach(g -> pass.compute().scatterAdd(dRows, pass.rows().tokens(), g.matrix()));
    return dRows;
  }
}
