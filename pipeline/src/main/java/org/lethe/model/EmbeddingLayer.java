package org.lethe.model;

import java.util.Arrays;
import java.util.List;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Embedding;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.model.layer.FrozenMemory;
import org.lethe.model.layer.TensorCut;
import org.lethe.model.layer.WeightSlices;

/** The token embedding: a row of the table for each token, and one for its learned position. */
final class EmbeddingLayer extends DecoderLayer<EmbeddingLayer.Weights> {
  /**
   * @param table [V, D]
   * @param positions [positions, D], empty if positions are not learned
   */
  record Weights(WeightSlices table, WeightSlices positions) {}

  private final Embedding embedding;

  EmbeddingLayer(Embedding embedding, List<TensorSpec> trained, FrozenMemory memory) {
    super(embedding.tensors(), trained, memory);
    this.embedding = embedding;
  }

  @Override
  Weights matrices(TensorCut cut) {
    return new Weights(
        cut.slices(List.of(embedding.table())),
        cut.slices(embedding.positions().stream().toList()));
  }

  /** Fills the rows with those of the pass's tokens, [N, D]. */
  @Override
  Matrix forward(Matrix rows, Pass pass) {
    Compute c = pass.compute();
    c.gather(weights().table().whole(), pass.rows().tokens(), rows);
    scale(c, rows);
    for (WeightSlices.Slice positions : weights().positions()) {
      Matrix learned = pass.buffers().normed(rows.rows());
      c.gather(positions.matrix(), pass.rows().positions(), learned);
      c.add(learned, rows);
    }
    return rows;
  }

  private void scale(Compute c, Matrix rows) {
    if (embedding.scale() != 1) {
      double[] factors = new double[rows.rows()];
      Arrays.fill(factors, embedding.scale());
      c.scaleRows(factors, rows);
    }
  }

  @Override
  Matrix backward(Matrix dRows, Pass pass) {
    Compute c = pass.compute();
    weightGradients()
        .positions()
        .forEach(g -> c.scatterAdd(dRows, pass.rows().positions(), g.matrix()));
    scale(c, dRows);
    weightGradients().table().forEach(g -> c.scatterAdd(dRows, pass.rows().tokens(), g.matrix()));
    return dRows;
  }
}
