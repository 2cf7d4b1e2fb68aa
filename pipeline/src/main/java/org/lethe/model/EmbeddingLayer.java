package org.lethe.model;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;
import org.lethe.model.TensorCut.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The token embedding: a row of the table for each token. Its weight is the table, [V, D]. */
final class EmbeddingLayer extends DecoderLayer<Parts> {
  private static final long serialVersionUID = 1L;
  static final String TABLE = "model.embed_tokens.weight";

  private final transient List<Tensor> tensors;

  EmbeddingLayer(NeuralNetConfiguration conf, Backend backend, DecoderConfig config) {
    super(conf, backend);
    tensors = tensors(config);
  }

  static List<Tensor> tensors(DecoderConfig config) {
    return List.of(Tensor.matrix(TABLE, config.vocabularySize(), config.hiddenSize()));
  }

  @Override
  Parts matrices(TensorCut cut) {
    return cut.parts(tensors);
  }

  /** The tokens stand in the pass; the input is only where the rows go. */
  @Override
  Matrix forward(Matrix rows, Pass pass) {
    pass.compute().gather(weights().whole(), pass.rows().tokens(), rows);
    return rows;
  }

  @Override
  Matrix received(INDArray given, Pass pass) {
    return pass.buffers().slot(0, pass.kind()).input.top(pass.count());
  }

  @Override
  Matrix backward(Matrix dOutput, Pass pass) {
    weightGradients()
        .forEach(g -> pass.compute().scatterAdd(dOutput, pass.rows().tokens(), g.matrix()));
    return dOutput;
  }
}
