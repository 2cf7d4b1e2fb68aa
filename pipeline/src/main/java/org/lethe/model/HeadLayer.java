package org.lethe.model;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;
import org.lethe.model.RowRange.SequenceCover;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.model.layer.FrozenMemory;
import org.lethe.model.layer.NormStep;
import org.lethe.model.layer.TensorCut;
import org.lethe.model.layer.WeightSlices;

/**
 * Final norm and language-model head. Computes logits for one chunk of rows at a time, and only for
 * rows that the loss covers.
 */
final class HeadLayer extends DecoderLayer<HeadLayer.Weights> {
  /**
   * @param norm norm before the head
   * @param head [V, D], empty if tied to the embedding
   * @param bias [1, V], empty without
   */
  record Weights(NormStep.Weights norm, WeightSlices head, WeightSlices bias) {}

  private final Architecture architecture;
  private final EmbeddingLayer embedding;
  private final NormStep norm;

  /**
   * @param embedding layer whose table is the head if they are tied
   */
  HeadLayer(
      Architecture architecture,
      List<TensorSpec> trained,
      FrozenMemory memory,
      EmbeddingLayer embedding) {
    super(architecture.headTensors(), trained, memory);
    this.architecture = architecture;
    this.embedding = embedding;
    norm = new NormStep(architecture.norm(), memory.backend());
  }

  @Override
  Weights matrices(TensorCut cut) {
    return new Weights(
        norm.matrices(cut),
        cut.slices(architecture.head().weight().stream().toList()),
        cut.slices(architecture.head().bias().stream().toList()));
  }

  private Matrix head() {
    WeightSlices head = isTied() ? embedding.weights().table() : weights().head();
    return head.whole();
  }

  private WeightSlices headGradient() {
    return isTied() ? embedding.weightGradients().table() : weightGradients().head();
  }

  private boolean isTied() {
    return architecture.head().weight().isEmpty();
  }

  /** Normalises the covered rows of the last block's output, [C, D]. */
  @Override
  Matrix forward(Matrix x, Pass pass) {
    Matrix rows = pass.buffers().hidden(pass.rows().covered().length);
    pass.rows().gather(pass.compute(), x, rows);
    return normalised(rows, pass);
  }

  /** Normalises covered rows that were gathered before, [C, D]. */
  Matrix normalised(Matrix rows, Pass pass) {
    Matrix normed = pass.buffers().normed(rows.rows());
    norm.forward(
        pass.compute(),
        weights().norm(),
        rows,
        pass.buffers().hiddenInverse(rows.rows()),
        normed,
        pass.buffers().normScratch());
    return normed;
  }

  /** Turns the gradient of the normalised covered rows, [C, D], into that of all rows, [N, D]. */
  @Override
  Matrix backward(Matrix dNormed, Pass pass) {
    int[] covered = pass.rows().covered();
    Compute compute = pass.compute();
    Matrix rows = pass.buffers().hidden(covered.length);
    Matrix inverse = pass.buffers().hiddenInverse(covered.length);
    NormStep.Scratch scratch = pass.buffers().normScratch();
    norm.addGradients(compute, weightGradients().norm(), dNormed, rows, inverse, scratch);
    Matrix dX = pass.buffers().dResidual(pass.count());
    compute.clear(dX);
    for (int c = 0; c < covered.length; ) {
      int run = pass.rows().run(c);
      norm.backward(
          compute,
          weights().norm(),
          dNormed.rows(c, run),
          rows.rows(c, run),
          inverse.rows(c, run),
          dX.rows(covered[c], run),
          scratch);
      c += run;
    }
    return dX;
  }

  /**
   * Computes logits of normalised rows in the pass's chunk, in the precision of the tensors: for
   * losses that are measured.
   */
  Matrix logits(Matrix normed, Pass pass) {
    Matrix logits = pass.buffers().logits(normed.rows());
    pass.compute().multiplyPrecisely(Form.AS_IS, normed, Form.TRANSPOSED, head(), 1, 0, logits);
    return finished(logits, pass);
  }

  /** As {@link #logits}, in the precision of products: to train, or to choose a token. */
  Matrix scores(Matrix normed, Pass pass) {
    Matrix logits = pass.buffers().logits(normed.rows());
    pass.compute().multiply(Form.AS_IS, normed, Form.TRANSPOSED, head(), 1, 0, logits);
    return finished(logits, pass);
  }

  private Matrix finished(Matrix logits, Pass pass) {
    Compute compute = pass.compute();
    weights().bias().forEach(b -> compute.addRow(b.matrix(), logits));
    architecture.head().softCap().ifPresent(cap -> compute.softCap(cap, logits));
    return logits;
  }

  /** Passes the {@link #logits} of all covered rows to the reader, chunk by chunk. */
  void read(Matrix normed, Pass pass, Consumer<LogitChunk> reader) {
    read(normed, pass, this::logits, reader);
  }

  /** Passes the {@link #scores} of all covered rows to the reader, chunk by chunk. */
  void readScores(Matrix normed, Pass pass, Consumer<LogitChunk> reader) {
    read(normed, pass, this::scores, reader);
  }

  private static void read(
      Matrix normed,
      Pass pass,
      BiFunction<Matrix, Pass, Matrix> logits,
      Consumer<LogitChunk> reader) {
    for (RowRange range : RowRange.chunks(pass.rows().sequences(), pass.buffers().chunkRows())) {
      Matrix rows = normed.rows(range.first(), range.count());
      reader.accept(new Chunk(pass, normed, logits.apply(rows, pass), range));
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
        Matrix logits = scores(normed.rows(range.first(), range.count()), pass);
        grouped.readAhead(new Chunk(pass, normed, logits, range));
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
    Matrix logits = scores(rows, pass);
    OptionalDouble cap = architecture.head().softCap();
    cap.ifPresent(c -> compute.copy(logits, pass.buffers().capped(range.count())));
    Chunk chunk = new Chunk(pass, normed, logits, range);
    double sum = loss.apply(chunk);
    Matrix dLogits = chunk.gradient();
    cap.ifPresent(c -> compute.softCapBackward(c, pass.buffers().capped(range.count()), dLogits));
    addBiasGradient(dLogits, chunk, pass);
    try (Compute.Hold held = compute.holdFactor(dLogits)) {
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
    }
    return sum;
  }

  /** Adds to the gradient of the bias: the sum of dLogits' rows times their factors. */
  private void addBiasGradient(Matrix dLogits, Chunk chunk, Pass pass) {
    if (weightGradients().bias().isEmpty()) {
      return;
    }
    double[] ones = new double[dLogits.rows()];
    Arrays.fill(ones, 1);
    Matrix factors = pass.buffers().rowFactors(dLogits.rows()); // [n, 1]
    factors.upload(chunk.rowFactors().orElse(ones));
    weightGradients()
        .bias()
        .forEach(
            g ->
                pass.compute()
                    .multiply(Form.TRANSPOSED, factors, Form.AS_IS, dLogits, 1, 1, g.matrix()));
  }

  @Override
  void close() {
    super.close();
    norm.close();
  }
}
