package org.lethe.model;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.lethe.model.TensorCut.Tensor;
import org.nd4j.linalg.api.buffer.DataType;

/** The token embedding: a row of the table for each token. Its matrix is the table, [V, D]. */
final class EmbeddingLayer extends DecoderLayer<Matrix> {
  private static final long serialVersionUID = 1L;
  private static final String TABLE = "model.embed_tokens.weight";

  EmbeddingLayer(
      NeuralNetConfiguration conf, DataType type, List<Tensor> tensors, Adapter adapter) {
    super(conf, type, tensors, adapter);
  }

  static List<Tensor> tensors(DecoderConfig config) {
    return List.of(Tensor.matrix(TABLE, config.vocabularySize(), config.hiddenSize()));
  }

  @Override
  Matrix matrices(TensorCut cut) {
    return cut.matrix(TABLE);
  }

  /** The tokens stand in the pass; the input is only where the rows go. */
  @Override
  Matrix forward(Matrix rows, Pass pass) {
    pass.compute().gather(weights(), pass.rows().tokens(), rows);
    return rows;
  }

  @Override
  Matrix backward(Matrix dOutput, Pass pass) {
    weightGradients()
        .ifPresent(table -> pass.compute().scatterAdd(dOutput, pass.rows().tokens(), table));
    return dOutput;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
