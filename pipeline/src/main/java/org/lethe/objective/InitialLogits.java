package org.lethe.objective;

import java.util.ArrayList;
import java.util.List;
import org.lethe.compute.Matrix;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.model.architecture.Architecture;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Losses that compare with the initial model's logits at the same positions, counted in tokens.
 *
 * <p>The initial model may share its buffers with the trained one. So the two run one after the
 * other, and the initial model's logits are kept in between. Large batches are split, to bound that
 * memory.
 */
public record InitialLogits(Decoder initial) {
  /** Maximum bytes of kept logits, unless a single sequence has more. */
  private static final long KEPT_BYTES = 256L << 20;

  /** Computes a chunk's part of the loss and leaves the gradient in the chunk. */
  interface ComparingLoss {
    /**
     * Same as {@link org.lethe.model.LogitLoss#apply}.
     *
     * @param initialLogits of the same rows, [n, V]; may be overwritten
     */
    double apply(LogitChunk chunk, Matrix initialLogits);
  }

  /**
   * Returns the most bytes of logits that are kept during a step.
   *
   * @param sequences number of sequences of a batch
   * @param length maximum tokens of a sequence
   */
  public static long keptBytes(
      Architecture architecture, DataType type, long sequences, int length) {
    long sequence = (long) length * architecture.vocabularySize() * type.width();
    return Math.min(sequences * sequence, Math.max(KEPT_BYTES, sequence));
  }

  LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients, ComparingLoss loss) {
    LossSum total = LossSum.ZERO;
    for (Batch part : parts(decoder, batch)) {
      total = total.plus(accumulatePart(decoder, part, gradients, loss));
    }
    return total;
  }

  private LossSum accumulatePart(
      Decoder decoder, Batch batch, Gradients gradients, ComparingLoss loss) {
    long rows = batch.completionTokens();
    try (Matrix logits =
        decoder
            .backend()
            .matrix(Math.toIntExact(rows), decoder.architecture().vocabularySize())) { // [N, V]
      initial.forwardAsInTraining(
          batch, chunk -> chunk.compute().copy(chunk.logits(), rows(logits, chunk)));
      double sum =
          decoder.accumulate(batch, chunk -> loss.apply(chunk, rows(logits, chunk)), gradients);
      return new LossSum(sum, rows);
    }
  }

  private static Matrix rows(Matrix logits, LogitChunk chunk) {
    return logits.rows(chunk.firstRow(), chunk.rows());
  }

  private static List<Batch> parts(Decoder decoder, Batch batch) {
    long rowBytes = (long) decoder.architecture().vocabularySize() * decoder.dataType().width();
    List<Batch> parts = new ArrayList<>();
    List<Example> part = new ArrayList<>();
    long bytes = 0;
    for (Example example : batch.examples()) {
      long more = example.completionTokens() * rowBytes;
      if (!part.isEmpty() && bytes + more > KEPT_BYTES) {
        parts.add(Batch.of(part));
        part = new ArrayList<>();
        bytes = 0;
      }
      part.add(example);
      bytes += more;
    }
    parts.add(Batch.of(part));
    return parts;
  }
}
