package org.lethe.model;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;
import org.lethe.model.RowRange.SequenceCover;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.TensorSpec;

/**
 * Final norm and language-model head. Computes logits for one chunk of rows at a time, and only for
 * rows that the loss covers.
 */
final class HeadLayer extends DecoderLayer<HeadLayer.Weights> {
  /**
   * @param norm [1, D]
   * @param head [V, D], empty if tied to the embedding
   */
  record Weights(WeightSlices norm, WeightSlices head) {}

  private final Architecture architecture;
  private final EmbeddingLayer embedding;

  /**
   * @param embedding layer whose table is the head if they are tied
   */
  HeadLayer(
      Architecture architecture,
      List<TensorSpec> trained,
      Backend backend,
      EmbeddingLayer embedding) {
    super(architecture.headTensors(), trained, backend);
    this.architecture = architecture;
    this.embedding = embedding;
  }

  @Override
  Weights matrices(TensorCut cut) {
    return new Weights(
        cut.slices(List.of(architecture.norm().weight())),
        cut.slices(architecture.head().stream().toList()));
  }

  private Matrix head() {
    WeightSlices head = isTied() ? embedding.weights() : weights().head();
    return head.whole();
  }

  private WeightSlices headGradient() {
    return isTied() ? embedding.weightGradients() : weightGradients().head();
  }

  private boolean isTied() {
    return architecture.head().isEmpty();
  }

  /** Normalises the covered rows of the last block's output, [C, D]. */
  @Override
  Matrix forward(Matrix x, Pass pass) {
    int[] covered = pass.rows().covered();
    Matrix rows = pass.buffers().hidden(covered.length);
    Matrix normed = pass.buffers().normed(covered.length);
    pass.rows().gather(pass.compute(), x, rows);
    pass.compute()
        .normalize(
            rows,
            weights().norm().whole(),
            architecture.norm().epsilon(),
            pass.buffers().hiddenInverse(covered.length),
            normed);
    return normed;
  }

  /** Turns the gradient of the normalised covered rows, [C, D], into that of all rows, [N, D]. */
  @Override
  Matrix backward(Matrix dNormed, Pass pass) {
    int[] covered = pass.rows().covered();
    Compute compute = pass.compute();
    Matrix rows = pass.buffers().hidden(covered.length);
    Matrix inverse = pass.buffers().hiddenInverse(covered.length);
    weightGradients()
        .norm()
        .forEach(g -> compute.normalizeWeightGradient(dNormed, rows, inverse, g.matrix()));
    Matrix dX = pass.buffers().dResidual(pass.count());
    compute.clear(dX);
    for (int c = 0; c < covered.length; ) {
      int run = pass.rows().run(c);
      compute.normalizeBackward(
          dNormed.rows(c, run),
          rows.rows(c, run),
          weights().norm().whole(),
          inverse.rows(c, run),
          dX.rows(covered[c], run));
      c += run;
    }
    return dX;
  }

  /** Computes logits of normalised rows in the pass's chunk. */
  Matrix logits(Matrix normed, Pass pass) {
    Matrix logits = pass.buffers().logits(normed.rows());
    pass.compute().multiply(Form.AS_IS, normed, Form.TRANSPOSED, head(), 1, 0, logits);
    return logits;
  }

  /** Passes the logits of all covered rows to the reader, chunk by chunk. */
  void read(Matrix normed, Pass pass, Consumer<LogitChunk> reader) {
    for (RowRange range : RowRange.chunks(pass.rows().sequences(), pass.buffers().chunkRows())) {
      Matrix logits = logits(normed.rows(range.first(), range.count()), pass);
      reader.accept(new Chunk(pass, logits, range));
    }
  }

  /**
   * Loss and gradient over all covered rows.
   *
   * @param dNormed filled with dLoss/dNormed, [C, D]
   * @return the summed loss
   */
  double accumulate(Matrix normed, Pass pass, LogitLoss loss, Matrix dNormed) {
    double sum = 0;
    for (RowRange range : RowRange.chunks(pass.rows().sequences(), pass.buffers().chunkRows())) {
      sum += accumulate(normed, pass, range, loss, dNormed);
    }
    return sum;
  }

  /** Like {@link #accumulate(Matrix, Pass, LogitLoss, Matrix)}, for a loss of whole sequences. */
  double accumulate(Matrix normed, Pass pass, SequenceLoss loss, Matrix dNormed) {
    GroupedRows grouped = new GroupedRows(loss, pass.rows().batchSize());
    int[] groups = Arrays.stream(pass.rows().sequences()).map(grouped::group).toArray();
    List<RowRange> ranges = RowRange.chunks(groups, pass.buffers().chunkRows());
    // Only the head runs twice for groups that do not fit into one chunk.
    for (RowRange range : ranges) {
      if (range.cover() == SequenceCover.PARTIAL) {
        Matrix logits = logits(normed.rows(range.first(), range.count()), pass);
        grouped.readAhead(new Chunk(pass, logits, range));
      }
    }
    double sum = 0;
    for (RowRange range : ranges) {
      sum += accumulate(normed, pass, range, grouped, dNormed);
    }
    return sum;
  }

  private double accumulate(
      Matrix normed, Pass pass, RowRange range, LogitLoss loss, Matrix dNormed) {
    Compute compute = pass.compute();
    Matrix rows = normed.rows(range.first(), range.count());
    Matrix dRows = dNormed.rows(range.first(), range.count());
    Chunk chunk = new Chunk(pass, logits(rows, pass), range);
    double sum = loss.apply(chunk);
    Matrix dLogits = chunk.gradient();
    compute.multiply(Form.AS_IS, dLogits, Form.AS_IS, head(), 1, 0, dRows);
    // The factor of a row of dLogits moves to the rows on the other side of each product, which
    // are V / D times shorter. The normalised rows are not used again.
    chunk
        .rowFactors()
        .ifPresent(
            factors -> {
              compute.scaleRows(factors, dRows);
              compute.scaleRows(factors, rows);
            });
    headGradient()
        .forEach(
            g -> compute.multiply(Form.TRANSPOSED, dLogits, Form.AS_IS, rows, 1, 1, g.matrix()));
    return sum;
  }
}
